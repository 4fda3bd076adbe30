import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { pictures } from '../../../src/cli/report/run-files.ts';
import { Autoencoder } from '../../../src/model/autoencoder.ts';
import { annealedIn } from '../../../src/report/annealed.ts';
import { unitUse } from '../../../src/report/unit-use.ts';
import { readSvg, textsOf } from '../../figures/read-svg.ts';

const history = Array.from({ length: 10 }, (_, i) => ({
  epoch: i + 1,
  step: 30 * (i + 1),
  cost: 10 - i / 2,
  terms: { reconstruction: 10 - i / 2 },
}));
const modelOf = (config: object) => Autoencoder.create({ inputs: 4, hidden: 3, seed: 1, ...config }, { threads: 1 });
const metrics = { meanActivations: [0.2, 0.5, 0], firing: [0.5, 0.01, 0], deadUnits: [2] };
const kSparse = { sparsity: { kind: 'k-sparse', k: 1 } };

test('k that is annealed and penalties that rise are marked up to their last step', async () => {
  const { config } = await modelOf(kSparse);
  assert.equal(annealedIn(config, { epochs: 10 }, history), { until: 150, says: 'k is annealed until epoch 5' });
  assert.is(annealedIn(config, { epochs: 20 }, history)?.until, 300, 'of the run that was planned');
  const plain = (await modelOf({})).config;
  assert.is(annealedIn(plain, { epochs: 10 }, history), null);
  const rising = annealedIn(plain, { penaltyWarmup: 40 }, history);
  assert.equal(rising, { until: 40, says: 'penalties rise until step 40' });
  assert.is(annealedIn(config, { epochs: 10 }, []), null);
  assert.is(annealedIn(config, { epochs: 2 }, history)?.until, 30, 'of two epochs the first');
  assert.is(annealedIn(config, { epochs: 1 }, history), null);
  assert.is(annealedIn(config, { optimizer: { kind: 'lbfgs', iterations: 10 } }, history), null, 'k throughout');
  for (const [annealFrom, until] of [
    [3, 150],
    [1, undefined],
  ] as const) {
    const { config } = await modelOf({ sparsity: { kind: 'top-k', k: 1, annealFrom } });
    assert.is(annealedIn(config, { epochs: 10 }, history)?.until, until);
  }
});

test('units are shown by how often they fire, and by ρ̂ where they are never 0', async () => {
  const useIs = async (config: object) => unitUse((await modelOf(config)).config, metrics).useIs;
  assert.is(await useIs({ activation: 'relu', output: 'linear' }), 'frequency');
  assert.is(await useIs(kSparse), 'frequency');
  assert.is(await useIs({ activation: 'sigmoid' }), 'mean');
  assert.is(await useIs({ activation: 'tanh' }), 'mean');
  const linear = unitUse((await modelOf({ activation: 'linear', output: 'linear' })).config, metrics);
  assert.equal([linear.use, linear.useIs], [undefined, 'mean'], 'the mean of a linear unit is no use');
});

test('the pictures of a run of a table: names of columns, order of use, dead units in a bar of their own', async () => {
  const columns = ['<b>', 'b', 'c', 'd'];
  const files = await pictures({
    model: await modelOf({ activation: 'relu', output: 'linear' }),
    ...{ steps: [], columns, history, metrics, fit: { epochs: 10 } },
  });
  assert.equal([...files.keys()], ['features.svg', 'training.svg', 'activations.svg']);
  const features = textsOf(readSvg(String(files.get('features.svg'))));
  for (const text of [...columns, '50%', '1%', 'dead']) assert.ok(features.includes(text), text);
  const activations = textsOf(readSvg(String(files.get('activations.svg'))));
  assert.ok(activations.includes('How often 3 units fire: 1 never, 33.3%') && activations.includes('never'));
});

test('the pictures of sigmoid units mark ρ, and those of images are tiles', async () => {
  const files = await pictures({
    model: await modelOf({ sparsity: { kind: 'kl', target: 0.1, weight: 1 } }),
    ...{ steps: [], image: { height: 2, width: 2, channels: 1 }, history: [], metrics },
  });
  assert.equal([...files.keys()], ['features.png', 'activations.svg']);
  const texts = textsOf(readSvg(String(files.get('activations.svg'))));
  assert.ok(texts.includes('target ρ = 0.1') && texts.includes('dead'), texts.join(' | '));
});

test.run();
