import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix, toFlat, type View, vector } from '../../src/array/matrix.ts';
import { createReferenceKernels } from '../../src/kernels/reference/reference.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { type AutoencoderConfig, parseConfig } from '../../src/model/config.ts';
import { fit } from '../../src/training/fit.ts';
import { assertClose } from '../support/close.ts';
import { rowsOf } from '../support/naive-model.ts';
import { overNumbers, place, uniforms } from '../support/views.ts';

// What users of other libraries ran into, with the numbers of the notes' last table, of which n is the row. Rows 5, 6, 15
// are planted in planted-bugs-dictionaries.test.ts, 17 in gated-by-hand.test.ts, 14 in jump-relu-estimators.test.ts; 8 to
// 11 are in dictionary-properties.test.ts, 13, 16 and 18 in dictionary-bad-input.test.ts, 23 in resume-dictionaries.test.ts.

test('trap 4, dead means never fires: norms of the decoder do not enter', async () => {
  const k = createReferenceKernels('float64');
  const counts = vector(new Float64Array(3));
  k.countActive(
    counts,
    place(2, 3, 'rows', 'float64', (i, j) => (j === 1 ? i + 1 : 0)),
  );
  assert.equal(
    [0, 1, 2].filter((j) => counts.get(j) === 0),
    [0, 2],
  );
});

/** How many units of each example answer in AuxK, of a model of which units 0 … dead − 1 are dead. */
async function answering(inputs: number, hidden: number, dead: number, k?: number): Promise<number[]> {
  const reference = createReferenceKernels('float64');
  const found: number[] = [];
  const watched = {
    ...reference,
    selectSilent(values: View, indices: View, lengths: View, z: View, silence: View, limit: number) {
      reference.selectSilent(values, indices, lengths, z, silence, limit);
      const { data, offset, stride } = overNumbers<Uint32Array>(lengths);
      for (let i = 0; i < lengths.shape[0]; i++) found.push(data[offset + i * stride[0]]);
    },
  };
  const auxiliary = { kind: 'aux-k', deadAfter: 100, ...(k === undefined ? {} : { k }) } as const;
  const sparsity = { kind: 'top-k', k: 1 } as const;
  const model = Autoencoder.over(watched, parseConfig({ inputs, hidden, precision: 'float64', sparsity, auxiliary }));
  model.setParameters({ 'encoder.bias': vector(Float64Array.from({ length: hidden }, (_, j) => (j < dead ? -9 : 1))) });
  const silence = Float64Array.from({ length: hidden }, (_, j) => (j < dead ? 1e6 : 0));
  model.setState({ 'code.examplesSinceFired': vector(silence) });
  await model.costAndGradient(matrix(uniforms(3 * inputs, 2), 3, inputs));
  return found;
}

test('trap 7, the default of k_aux is ⌊inputs/2⌋, at most the dead: 3, 2 and 4 of 3, 2 and 100', async () => {
  for (const [dead, expected] of [
    [3, 3],
    [2, 2],
    [100, 4],
    [0, 0],
  ]) {
    assert.equal(await answering(8, 4096, dead), [expected, expected, expected]);
  }
  assert.equal(await answering(9, 30, 20), [4, 4, 4]);
  assert.equal(await answering(1, 30, 20), [1, 1, 1], 'one at least');
  assert.equal(await answering(8, 30, 20, 6), [6, 6, 6]);
});

test('trap 7 where the default is more than there are units', async () => {
  assert.equal(await answering(40, 6, 5), [5, 5, 5]);
});

/** θ after 1,000 steps of Adam along a gradient of one sign: x = 0, so that nothing but the penalty on L0 speaks. */
async function thresholdAfter(parameter: 'raw' | 'log'): Promise<number> {
  const model = await Autoencoder.create({
    ...{ inputs: 3, hidden: 2, precision: 'float64' },
    sparsity: { kind: 'jump-relu', bandwidth: 10, threshold: 0.01, parameter, penalty: { kind: 'l0', weight: 1 } },
  });
  const x = matrix(new Float64Array(3), 1, 3);
  await fit(model, x, { epochs: 1000, optimizer: { kind: 'adam', learningRate: 3e-4 } });
  const [theta] = toFlat((await model.parameters())['encoder.threshold']);
  return parameter === 'log' ? Math.exp(theta) : theta;
}

test('trap 12, the threshold can move: 0.01 to 0.31 where θ itself is trained, to 0.0135 where log θ is', async () => {
  assertClose([await thresholdAfter('raw')], [0.31], { rtol: 1e-5 });
  // The gradient by log θ grows with θ, and Adam's second moment lags behind: a little more than with one that stays.
  assertClose([await thresholdAfter('log')], [0.013498588075760033], { rtol: 0.03 });
  const full = parseConfig({
    ...{ inputs: 3, hidden: 2 },
    sparsity: { kind: 'jump-relu', bandwidth: 0.1, penalty: { kind: 'l0', weight: 1 } },
  });
  const model = await Autoencoder.create(full);
  assertClose(toFlat((await model.parameters())['encoder.threshold']), [0.001, 0.001], { rtol: 1e-6 });
});

test('trap 13, a target of L0 is reached from above and from below, whatever the weight', async () => {
  const x = matrix(
    Float64Array.from(uniforms(400 * 8, 3), (u) => 2 * u),
    400,
    8,
  );
  for (const target of [3, 10]) {
    for (const weight of [10, 100]) {
      const penalty = { kind: 'target-l0', weight, target } as const;
      const model = await Autoencoder.create({
        ...{ inputs: 8, hidden: 24, precision: 'float64' },
        sparsity: { kind: 'jump-relu', bandwidth: 0.5, threshold: 0.1, penalty },
      });
      await fit(model, x, { epochs: 60, batchSize: 50, optimizer: { kind: 'adam', learningRate: 5e-3 } });
      const L0 = toFlat(await model.encode(x)).filter((a) => a !== 0).length / 400;
      assert.ok(Math.abs(L0 - target) < 0.15 * target, `L0 ${L0} for ${target}, weight ${weight}`);
    }
  }
});

/** Sparse sums of 128 unit features in 64 dimensions, the first coordinate shifted. */
function sparseSums(rows: number, shift: number) {
  const features = uniforms(128 * 64, 5);
  for (let f = 0; f < 128; f++) {
    const row = features.subarray(64 * f, 64 * f + 64);
    const norm = Math.hypot(...row);
    for (let i = 0; i < 64; i++) row[i] /= norm;
  }
  const chances = uniforms(rows * 128, 6, 0, 1);
  const strengths = uniforms(rows * 128, 7, 0, 1);
  const x = new Float32Array(rows * 64);
  for (let k = 0; k < rows; k++) {
    for (let f = 0; f < 128; f++) {
      if (chances[128 * k + f] >= 4 / 128) continue;
      for (let i = 0; i < 64; i++) x[64 * k + i] += strengths[128 * k + f] * features[64 * f + i];
    }
    x[64 * k] += shift;
  }
  return matrix(x, rows, 64);
}

test('trap 24, a mean larger than the spread: with c at the mean or the median as many units fire as without it', async () => {
  const alive = async (shift: number, center: AutoencoderConfig['center']) => {
    const x = sparseSums(1024, shift);
    const model = await Autoencoder.create({ inputs: 64, hidden: 128, sparsity: { kind: 'top-k', k: 4 }, center });
    await fit(model, x, { epochs: 1, batchSize: 1024, optimizer: { kind: 'sgd', learningRate: 1e-30 } });
    const codes = rowsOf(await model.encode(x));
    return codes[0].filter((_, j) => codes.some((row) => row[j] !== 0)).length / 128;
  };
  const unshifted = await alive(0, false);
  assert.ok(unshifted > 0.95, `${unshifted}`);
  assert.ok((await alive(10, false)) < 0.3, 'most are dead at birth from 0');
  for (const center of [true, 'geometric-median'] as const)
    assert.ok(Math.abs((await alive(10, center)) - unshifted) <= 0.02, `centred ${center}`);
});

test('c begins at the mean or the median with the first fit of a fresh model alone', async () => {
  const x = sparseSums(50, 3);
  const mean = Array.from({ length: 64 }, (_, i) => rowsOf(x).reduce((sum, row) => sum + row[i] / 50, 0));
  const still = { epochs: 1, optimizer: { kind: 'sgd', learningRate: 1e-30 } } as const;
  const create = () => Autoencoder.create({ inputs: 64, hidden: 9, sparsity: { kind: 'top-k', k: 2 }, center: true });
  const bias = async (model: Autoencoder) => toFlat((await model.parameters())['decoder.bias']);
  const fresh = await create();
  await fit(fresh, x, still);
  assertClose(await bias(fresh), mean, { rtol: 1e-6, atol: 1e-7 });
  await fit(fresh, sparseSums(50, 9), still);
  assertClose(await bias(fresh), mean, { rtol: 1e-6, atol: 1e-7 });
  const given = await create();
  given.setParameters({ 'decoder.bias': vector(new Float64Array(64).fill(0.5)) });
  await fit(given, x, still);
  assert.ok((await bias(given)).every((c) => c === 0.5));
});

test.run();
