import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Matrix, matrix, toFlat, type View, vector } from '../../src/array/matrix.ts';
import type { Kernels } from '../../src/kernels/kernels.ts';
import { createReferenceKernels } from '../../src/kernels/reference/reference.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { type AutoencoderConfig, parseConfig } from '../../src/model/config.ts';
import { fit } from '../../src/training/fit.ts';
import { honest, type Plant } from '../support/engines.ts';
import { type ByHand, topKByHand } from '../support/top-k-by-hand.ts';
import { overNumbers, uniforms } from '../support/views.ts';

// Bugs of top-k dictionaries, AuxK and prefixes, planted in the kernels under the real terms and layers: value, gradient or
// codes are then not those by hand. They are what other libraries had; see each one's row in the notes.

const [M, D, H] = [9, 5, 8];
const K_AUX = 3;
const silence = Array.from({ length: H }, (_, j) => 2 * j);

/** Parts of the answer that are not those by hand. */
async function wrong(hand: ByHand, plant: Plant): Promise<string[]> {
  const { k, decoderNorm, prefixes = null, auxiliary = null } = hand;
  const sparsity = { kind: 'top-k', k, ...(decoderNorm ? { decoderNorm } : {}) } as const;
  const config: AutoencoderConfig = { inputs: D, hidden: H, precision: 'float64', sparsity, prefixes, auxiliary };
  const model = Autoencoder.over(plant(createReferenceKernels('float64')), parseConfig(config));
  model.setParameters({
    // Units 4 … 7 stay near 0, of either sign, where others are above them.
    'encoder.weight': matrix(
      uniforms(H * D, 3).map((w, p) => (p < 4 * D ? w : w / 8)),
      H,
      D,
    ),
    'encoder.bias': vector(uniforms(H, 4).map((b, j) => (j < 4 ? b / 4 + 1.2 : b / 16))),
    'decoder.weight': matrix(
      uniforms(H * D, 5).map((w, p) => w * (1 + (Math.floor(p / D) % 3))),
      H,
      D,
    ),
    'decoder.bias': vector(uniforms(D, 7)),
  });
  if (auxiliary !== null) model.setState({ 'code.examplesSinceFired': vector(Float64Array.from(silence)) });
  const x: Matrix = matrix(uniforms(M * D, 8), M, D);
  const { terms, gradient } = await model.costAndGradient(x);
  const codes = toFlat(await model.encode(x));
  const expected = topKByHand(await model.parameters(), x, { ...hand, silence });
  if (auxiliary !== null)
    assert.ok(expected.dead >= 3 && expected.negative > 0, `${expected.dead} dead, ${expected.negative} below 0`);
  const differ = (p: ArrayLike<number>, q: readonly number[]) =>
    q.some((value, i) => !(Math.abs(value - p[i]) < 1e-11));
  return [
    ...(differ(codes, expected.codes.flat()) ? ['codes'] : []),
    ...(differ([terms.reconstruction], [expected.reconstruction]) ? ['reconstruction'] : []),
    ...(differ([terms.auxiliary ?? 0], [expected.auxiliary]) ? ['auxiliary'] : []),
    ...Object.entries(expected.gradient).flatMap(([name, values]) =>
      differ(toFlat(gradient[name]), values.flat()) ? [name] : [],
    ),
  ];
}

const aux = (variant?: 'openai' | 'saelens'): ByHand => ({
  k: 2,
  auxiliary: { kind: 'aux-k', k: K_AUX, weight: 0.7, deadAfter: 12, ...(variant ? { variant } : {}) },
});
const models: Record<string, ByHand> = {
  'top-k': { k: 3 },
  'top-k by norms': { k: 3, decoderNorm: true },
  prefixes: { k: 3, prefixes: [2, 5, H] },
  paper: aux(),
  openai: aux('openai'),
  saelens: aux('saelens'),
  'paper, prefixes': { ...aux(), prefixes: [3, H] },
};

for (const [name, hand] of Object.entries(models)) {
  test(`value, gradient and codes by hand: ${name}`, async () => {
    assert.equal(await wrong(hand, honest), []);
  });
}

const zerosLike = ({ shape }: View) => matrix(new Float64Array(shape[0] * shape[1]), shape[0], shape[1]);
const isPairs = ({ shape }: View) => shape[1] === K_AUX;

/** c, which `broadcastRow` writes into the output before all else. */
function withBias(k: Kernels, use: (bias: View) => Partial<Kernels>): Kernels {
  let bias: View | null = null;
  const planted: Kernels = {
    ...k,
    broadcastRow(out, row) {
      if (row.shape[0] === D) bias = row;
      k.broadcastRow(out, row);
    },
  };
  const lazily = new Proxy(planted, {
    get: (target, key) => {
      const own = bias === null ? {} : use(bias);
      return Reflect.get(Object.hasOwn(own, key) ? own : target, key);
    },
  });
  return lazily;
}

/** ∂J/∂c is where `addColumnSums` puts the output's δ. */
function notDetached(k: Kernels): Kernels {
  let dBias: View | null = null;
  return {
    ...k,
    addColumnSums(out, a, alpha) {
      if (out.shape[0] === D) dBias = out;
      k.addColumnSums(out, a, alpha);
    },
    scaledSquaredError(dEHat, results, slot, eHat, e, scale, m) {
      k.scaledSquaredError(dEHat, results, slot, eHat, e, scale, m);
      if (dBias !== null) k.addColumnSums(dBias, dEHat, 1 / m); // e = x − a·D − c: ∂/∂c of −e
    },
  };
}

/** Each prefix keeps the k largest of its own units. */
function perLevel(k: Kernels): Kernels {
  let all: number[][] = [];
  let bound = H;
  return {
    ...k,
    selectLargest(values, indices, a) {
      const { data } = overNumbers(a);
      all = Array.from({ length: M }, (_, i) => [...data.subarray(i * H, (i + 1) * H)]);
      k.selectLargest(values, indices, a);
    },
    countBelow(lengths, indices, within, below) {
      bound = below;
      k.countBelow(lengths, indices, within, below);
    },
    addSparseRows(out, values, indices, rows, lengths) {
      if (!lengths) return k.addSparseRows(out, values, indices, rows, lengths);
      const level = matrix(new Float64Array(M * H), M, H);
      all.forEach((row, i) => {
        const kept = [...row.slice(0, bound).keys()].sort((p, q) => row[q] - row[p] || p - q).slice(0, 3);
        for (const j of kept) level.set(i, j, row[j]);
      });
      k.gemm(out, level, rows, 1, 1);
    },
  };
}

const DETACHED = ['decoder.bias'];
const bugs: [name: string, model: string, caught: readonly string[], Plant][] = [
  ['AuxK: its target not detached', 'paper', DETACHED, notDetached],
  [
    'AuxK: the bias counted twice',
    'paper',
    ['auxiliary'],
    (k) =>
      withBias(k, (bias) => ({
        addSparseRows(out, values, indices, rows, lengths) {
          k.addSparseRows(out, values, indices, rows, lengths);
          if (!isPairs(values)) return;
          const again = zerosLike(out);
          k.broadcastRow(again, bias);
          k.axpy(out, 1, again);
        },
      })),
  ],
  [
    'AuxK: raw activations in the paper’s variant',
    'paper',
    ['auxiliary'],
    (k) => ({
      ...k,
      activate: (out, z, f) => (isPairs(z) ? k.copy(out, z) : k.activate(out, z, f)),
      delta: (out, upstream, push, a, f) => (isPairs(a) ? k.copy(out, upstream) : k.delta(out, upstream, push, a, f)),
    }),
  ],
  [
    'AuxK: raw activations that pass no δ where z < 0',
    'saelens',
    ['encoder.weight'],
    (k) => ({
      ...k,
      selectSilent(values, indices, lengths, z, counts, limit) {
        k.selectSilent(values, indices, lengths, z, counts, limit);
        saved.set(indices.data, values);
      },
      sparseDots(out, dense, indices, rows, lengths) {
        k.sparseDots(out, dense, indices, rows, lengths);
        const values = saved.get(indices.data);
        if (values !== undefined) k.maskPositive(out, out, values);
      },
    }),
  ],
  [
    'AuxK: its own mean square in the place of the spread about the mean',
    'paper',
    ['auxiliary'],
    (k) => ({
      ...k,
      residualMoments(moments, e) {
        k.residualMoments(moments, e);
        const sums = overNumbers(moments);
        sums.data.fill(0, sums.offset, sums.offset + D);
      },
    }),
  ],
  [
    'AuxK: dead by the counter before this batch',
    'paper',
    ['auxiliary'],
    (k) => ({ ...k, advanceSilence: (next, counter) => k.blend(next, counter, 1, counter, 0) }),
  ],
  [
    'AuxK: units that are alive answer too',
    'paper',
    ['auxiliary'],
    (k) => ({
      ...k,
      selectSilent: (values, indices, lengths, z, counts) => k.selectSilent(values, indices, lengths, z, counts, 0),
    }),
  ],
  [
    'AuxK: the share of the dead forgotten',
    'saelens',
    ['auxiliary'],
    (k) => ({
      ...k,
      silentScale: (scale, counts, limit, most, alpha, m) => k.silentScale(scale, counts, limit, most, 2 * alpha, m),
    }),
  ],
  [
    'norms folded twice: codes not divided by them again',
    'top-k by norms',
    ['codes', 'reconstruction'],
    (k) => ({ ...k, scaleColumns: (out, a, squares, inverse) => inverse || k.scaleColumns(out, a, squares, false) }),
  ],
  [
    'norms that the choice does not see',
    'top-k by norms',
    ['codes', 'reconstruction'],
    (k) => ({ ...k, scaleColumns: () => undefined }),
  ],
  ['prefixes: a selection for each level', 'prefixes', ['reconstruction'], perLevel],
  [
    'prefixes: the mean in the value alone',
    'prefixes',
    ['encoder.weight', 'encoder.bias', 'decoder.weight', 'decoder.bias'],
    (k) => ({ ...k, scale: () => undefined }),
  ],
];

/** What was selected, by the storage of its indices. */
const saved = new WeakMap<object, View>();

for (const [name, model, caught, plant] of bugs) {
  test(`the forms by hand catch: ${name}`, async () => {
    const found = await wrong(models[model], plant);
    for (const part of caught) assert.ok(found.includes(part), `${part} of ${found}`);
    if (caught === DETACHED) assert.equal(found, DETACHED);
  });
}

/** Codes of a trained batch-top-k model, and whether they are relu(z)·[relu(z) > t] by hand. */
async function encodesByThreshold(plant: Plant): Promise<boolean> {
  const sparsity = { kind: 'batch-top-k', k: 2 } as const;
  const config = parseConfig({ inputs: D, hidden: H, precision: 'float64', sparsity });
  const model = Autoencoder.over(plant(createReferenceKernels('float64')), config);
  const x: Matrix = matrix(uniforms(M * D, 8), M, D);
  await fit(model, x, { epochs: 5, batchSize: 4 });
  const [t] = toFlat((await model.state())['code.threshold']);
  assert.ok(t > 0);
  const parameters = await model.parameters();
  const all = topKByHand(parameters, x, { k: H }).codes.flat(); // relu(z)
  assert.ok(all.some((a) => a > 0 && a <= t));
  const codes = toFlat(await model.encode(x));
  return all.every((a, i) => Math.abs(codes[i] - (a > t ? a : 0)) < 1e-12);
}

test('the forms by hand catch: batch-top-k: the threshold ignored at encoding, or the batch’s selection in its place', async () => {
  assert.ok(await encodesByThreshold(honest));
  const ignored: Plant = (k) => ({
    ...k,
    selectAbove(values, indices, lengths, a) {
      k.selectAbove(values, indices, lengths, a, vector(new Float64Array(1)));
    },
  });
  const ofBatch: Plant = (k) => ({
    ...k,
    selectAbove(values, indices, lengths, a) {
      k.selectLargestOfAll(values, indices, lengths, vector(new Float64Array(1)), a, 2 * a.shape[0]);
    },
  });
  assert.not(await encodesByThreshold(ignored));
  assert.not(await encodesByThreshold(ofBatch));
});

test.run();
