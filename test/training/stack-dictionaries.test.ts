import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { toFlat } from '../../src/array/matrix.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import { fit } from '../../src/training/fit.ts';
import { stackClassifier, unroll } from '../../src/training/stack.ts';
import { assertClose } from '../support/close.ts';
import { assertRefused } from '../support/errors.ts';
import { randomView } from '../support/views.ts';

// Stacks of today's dictionaries: the same codes as one after the other, or a refusal; never others.

const x = randomView(30, 6, 'rows', 'float64', 3);
const CLOSE = { rtol: 1e-12, atol: 1e-14 };

async function dictionary(config: Partial<AutoencoderConfig>, input = x) {
  const model = await Autoencoder.create({ inputs: input.shape[1], hidden: 8, precision: 'float64', ...config });
  await fit(model, input, { epochs: 2, batchSize: 7, ...(config.targets || config.skip ? { target: input } : {}) });
  return model;
}

const kept: Record<string, Partial<AutoencoderConfig>> = {
  'top-k': { sparsity: { kind: 'top-k', k: 2 } },
  'top-k, annealed': { sparsity: { kind: 'top-k', k: 2, annealFrom: 7 } },
  'top-k, centred': { sparsity: { kind: 'top-k', k: 2 }, center: true },
  'relu, centred at the median': { activation: 'relu', output: 'linear', center: 'geometric-median' },
  'top-k with prefixes': { sparsity: { kind: 'top-k', k: 2 }, prefixes: [2, 8] },
  'l1 by decoder norms': { sparsity: { kind: 'l1', weight: 0.1, decoderNorm: true } },
};
const alone: Record<string, Partial<AutoencoderConfig>> = {
  'top-k by decoder norms': { sparsity: { kind: 'top-k', k: 2, decoderNorm: true }, center: true },
  'batch-top-k': { sparsity: { kind: 'batch-top-k', k: 1.5 }, center: true },
  'batch-top-k, annealed': { sparsity: { kind: 'batch-top-k', k: 1.5, annealFrom: 6 } },
  'jump-relu': { sparsity: { kind: 'jump-relu', bandwidth: 0.1, penalty: { kind: 'l0', weight: 0.1 } }, center: true },
  gated: { sparsity: { kind: 'gated', weight: 0.1 }, center: true },
};

for (const [name, config] of Object.entries({ ...kept, ...alone })) {
  test(`unroll of one model gives its codes and reconstructions: ${name}`, async () => {
    const model = await dictionary(config);
    const deep = await unroll([model]);
    assertClose(await deep.encode(x), await model.encode(x), CLOSE);
    assertClose(await deep.reconstruct(x), await model.reconstruct(x), CLOSE);
  });
}

for (const [name, config] of Object.entries(kept)) {
  test(`unroll of two and stackClassifier give the codes of one after the other: ${name}`, async () => {
    const model = await dictionary(config);
    const codes = await model.encode(x);
    const top = await Autoencoder.create({
      ...{ inputs: 8, hidden: 4, precision: 'float64', activation: 'relu', output: 'relu' },
      sparsity: { kind: 'batch-top-k', k: 2.5 },
    });
    await fit(top, codes, { epochs: 2, batchSize: 7 });
    const deep = await unroll([model, top]);
    assert.ok(toFlat((await deep.state())['code.threshold'])[0] > 0, 'the threshold comes along');
    assertClose(await deep.encode(x), await top.encode(codes), CLOSE);
    assertClose(await deep.reconstruct(x), await model.decode(await top.reconstruct(codes)), CLOSE);
    const classifier = await stackClassifier([model], { classes: 3 });
    assertClose(await classifier.engine.propagate(x, 0, 1, 'encoding'), toFlat(codes), CLOSE);
  });
}

for (const [name, config] of Object.entries(alone)) {
  test(`a classifier of what needs its decoder is refused, and so is a stack on it: ${name}`, async () => {
    const model = await dictionary(config);
    await assertRefused(() => stackClassifier([model], { classes: 3 }), /which is trained beside a decoder/);
    const top = await Autoencoder.create({ inputs: 8, hidden: 4, output: 'relu', precision: 'float64' });
    await assertRefused(() => unroll([model, top]), /needs the decoder right above it|a reconstruction of its own/);
  });
}

test('unroll refuses transcoders', async () => {
  for (const config of [{ skip: true }, { targets: 6, skip: true }]) {
    const model = await dictionary({ sparsity: { kind: 'top-k', k: 2 }, ...config });
    await assertRefused(() => unroll([model]), /^model 0 of the stack is a transcoder/);
  }
});

test.run();
