// Codes for nearest neighbours: which images look alike to the hidden units?
// node examples/nearest-neighbours.mjs [mnist | a folder of images | …] [picture.png]
import { writeFile } from 'node:fs/promises';
import { Autoencoder, fit, fromRows } from 'rhohat';
import { prepare } from 'rhohat/data';
import { encodePng, imageTiles } from 'rhohat/figures';
import { loadExamples } from 'rhohat/node';

const [source = 'dead-leaves', out = 'neighbours.png'] = process.argv.slice(2);
const stacks = await loadExamples(source);
const large = stacks[0].image.height > 32; // patches of photographs, small images whole
const plan = large ? { gray: true, patches: { size: 12, count: 3000, seed: 1 } } : { limit: 3000 };
const { x, image } = prepare(stacks, plan, 'float32');
const [m, inputs] = x.shape;

const sparsity = { kind: 'kl', target: 0.05, weight: 0.5 };
const model = await Autoencoder.create({ inputs, hidden: 64, weightDecay: 1e-4, sparsity, seed: 1 });
await fit(model, x, { epochs: 10, batchSize: 50, optimizer: { kind: 'adam', learningRate: 3e-3 } });

const codes = await model.encode(x); // (m, 64)
const unit = Array.from({ length: m }, (_, i) => {
  const code = codes.data.subarray(i * 64, (i + 1) * 64);
  const norm = Math.hypot(...code);
  return code.map((a) => a / norm);
});
const cosine = (a, b) => a.reduce((sum, value, j) => sum + value * b[j], 0);

const tiles = [];
for (let query = 0; query < 10; query++) {
  const likeness = unit.map((code) => cosine(code, unit[query]));
  const nearest = [...likeness.keys()].sort((i, j) => likeness[j] - likeness[i]).slice(0, 8); // itself first
  console.log(nearest.map((i) => `${i}: ${likeness[i].toFixed(3)}`).join('  '));
  for (const i of nearest)
    tiles.push(Array.from(x.data.subarray(i * inputs, (i + 1) * inputs), (v) => v / (x.unit ?? 1)));
}
await writeFile(out, encodePng(imageTiles(fromRows(tiles), { ...image, columns: 8 })));
console.log(`${out}: a row is an image and the seven nearest to it`);
