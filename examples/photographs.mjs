// Features of a folder of photographs: what 64 hidden units look for in small patches of them.
// node examples/photographs.mjs photos/ [features.png]
import { writeFile } from 'node:fs/promises';
import { Autoencoder, fit } from 'rhohat';
import { displayFilters, prepare } from 'rhohat/data';
import { encodePng, featureTiles } from 'rhohat/figures';
import { loadExamples } from 'rhohat/node';

const [folder, out = 'features.png'] = process.argv.slice(2);
if (folder === undefined) throw new Error('name a folder of .png or .jpg files');
const stacks = await loadExamples(folder); // photographs of one size are a stack
const patches = { size: 10, count: 10_000, seed: 1 };
const { x, steps } = prepare(stacks, { gray: true, patches, preprocessing: [{ kind: 'cs294a' }] }, 'float32');

const sparsity = { kind: 'kl', target: 0.01, weight: 3 };
const model = await Autoencoder.create({ inputs: 100, hidden: 64, weightDecay: 1e-4, sparsity, seed: 1 });
const iterations = Number(process.env.ITERATIONS ?? 200);
const { cost } = await fit(model, x, { optimizer: { kind: 'lbfgs', iterations } });

const weights = displayFilters(steps, (await model.parameters())['encoder.weight']); // as they act on pixels
await writeFile(out, encodePng(featureTiles(weights, { height: 10, width: 10, channels: 1 })));
console.log(`cost ${cost.toFixed(4)}; ${out}: a tile is the patch that excites a unit most`);
