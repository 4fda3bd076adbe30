import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyNumbers,
  asValues,
  type Matrix,
  matrix,
  rowRange,
  toFlat,
  transposed,
} from '../../src/array/matrix.ts';
import { TwoByteNumbers, widened } from '../../src/array/two-byte.ts';
import { samplePatches } from '../../src/data/preprocessing/patches.ts';
import { prepare } from '../../src/data/preprocessing/prepare.ts';
import { squaredErrors, squaredErrorsByColumn } from '../../src/data/squared-errors.ts';
import { fingerprint } from '../../src/data/stream/fingerprint.ts';
import { readSample } from '../../src/data/stream/sample.ts';
import { inspect } from '../../src/measures/inspection.ts';
import { measure } from '../../src/measures/metrics.ts';
import { topExamples } from '../../src/measures/top-examples.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { Classifier } from '../../src/model/classifier.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import { checkGradient } from '../../src/proof/gradient-check.ts';
import { fit } from '../../src/training/fit.ts';
import { fitClassifier } from '../../src/training/fit-classifier.ts';
import { assertRefused } from '../support/errors.ts';
import { precisions } from '../support/views.ts';

const [M, D] = [600, 5]; // more than two chunks
const kinds = ['float16', 'bfloat16'] as const;
type Kind = (typeof kinds)[number];

/** Numbers in (0, 1) of a kind, subnormal ones among them, and the same widened. */
function examples(kind: Kind): { half: Matrix<TwoByteNumbers>; full: Matrix<Float32Array> } {
  const one = kind === 'float16' ? 0x3c00 : 0x3f80;
  const bits = Uint16Array.from({ length: M * D }, (_, i) => (i % 11 === 0 ? i % 512 : (i * 7919) % one));
  const values = widened(kind);
  return {
    half: matrix(new TwoByteNumbers(kind, bits), M, D),
    full: matrix(
      Float32Array.from(bits, (word) => values[word]),
      M,
      D,
    ),
  };
}

const configs: Record<string, Partial<AutoencoderConfig>> = {
  plain: {},
  'k-sparse': { sparsity: { kind: 'k-sparse', k: 2 } },
  denoising: { corruption: { kind: 'masking', fraction: 0.4 } },
  'cross-entropy': { loss: 'cross-entropy' },
  centred: { output: 'linear', center: true },
};

/** What a model does with examples, all of it. */
async function everything(config: AutoencoderConfig, x: Matrix<AnyNumbers>) {
  const model = await Autoencoder.create(config);
  const { seconds: _, ...fitted } = await fit(model, x, { epochs: 2, batchSize: 64, validation: rowRange(x, 7, 50) });
  const made = await model.reconstruct(x);
  return {
    fitted,
    parameters: Object.values(await model.parameters()).map((view) => toFlat(view)),
    evaluation: await model.costAndGradient(x),
    codes: toFlat(await model.encode(x)),
    made: toFlat(made),
    metrics: await measure(model, x),
    target: config.loss === 'cross-entropy' ? null : await measure(model, x, { target: x }),
    inspection: await inspect(model, x),
    top: await topExamples(model, x, [0, 1], 3),
    errors: toFlat(squaredErrors(x, made)),
    byColumn: toFlat(squaredErrorsByColumn(x, made, [0, 7, M - 1])),
  };
}

for (const [name, config] of Object.entries(configs)) {
  test(`floats of two bytes give the bits of the same numbers in float32: ${name}`, async () => {
    for (const kind of kinds) {
      const { half, full } = examples(kind);
      for (const precision of precisions) {
        const given: AutoencoderConfig = { inputs: D, hidden: 7, seed: 3, precision, ...config };
        assert.equal(await everything(given, half), await everything(given, full));
      }
    }
  });
}

test('so do L-BFGS, the gradient check, classifiers, every layout, a unit, and a list of shape', async () => {
  const { half, full } = examples('float16');
  const results = await Promise.all(
    [half as Matrix<AnyNumbers>, full].map(async (x) => {
      const model = await Autoencoder.create({ inputs: D, hidden: 2, precision: 'float64' });
      const { cost } = await fit(model, x, { optimizer: { kind: 'lbfgs', iterations: 3 } });
      const classifier = await Classifier.create({ inputs: D, hidden: [4], classes: 3 });
      const labels = Array.from({ length: M }, (_, i) => i % 3);
      const { history } = await fitClassifier(classifier, x, labels, { epochs: 1 });
      const codes = [{ ...x, unit: 3 }, { data: x.data, shape: [M, D] }, rowRange(x, 3, 9), x.step(-1, 1)];
      return [
        cost,
        history,
        await checkGradient(model, rowRange(x, 0, 5)),
        ...(await Promise.all(codes.map(async (y) => toFlat(await model.encode(y))))),
      ];
    }),
  );
  assert.equal(results[0], results[1]);
  const model = await Autoencoder.create({ inputs: D, hidden: 3 });
  const turned = transposed(matrix(toFlat(transposed(half)), D, M));
  assert.equal(await model.encode(turned), await model.encode(full));
});

test('preprocessing, patches, held-out rows and samples of them are those of the float32 numbers, in half the bytes', async () => {
  for (const kind of kinds) {
    const { half, full } = examples(kind);
    for (const spec of ['standardize', 'scale', 'cs294a'] as const) {
      const [a, b] = [half, full].map((x) =>
        prepare([{ x, unit: 1 }], { preprocessing: [{ kind: spec }], heldOut: 9 }, 'float32'),
      );
      assert.equal(a.steps, b.steps, spec);
      assert.equal(toFlat(a.x), toFlat(b.x));
    }
    const zca = [half, full].map((x) =>
      prepare([{ x, unit: 1 }], { preprocessing: [{ kind: 'zca', epsilon: 0.1 }] }, 'float64'),
    );
    assert.equal(toFlat(zca[0].x), toFlat(zca[1].x));
    const plain = prepare([{ x: half, unit: 1 }], { limit: 40 }, 'float64').x;
    assert.equal([plain.data.length, plain.data.byteLength], [M * D, 2 * M * D]);
    const image = { height: 5, width: 1, channels: 1 };
    const cut = [half, full].map((x) => samplePatches([{ x, unit: 1, image }], { size: 1, count: 50, seed: 1 }).x);
    assert.instance(cut[0].data, TwoByteNumbers);
    assert.equal(asValues(cut[0], 'float32').data, cut[1].data);
    const source = { shape: [M, D] as const, read: async (begin: number, end: number) => rowRange(half, begin, end) };
    assert.equal(toFlat(await readSample(source)), half.data);
    assert.is.not((await fingerprint(half)).hash, (await fingerprint(full)).hash);
    assert.is((await fingerprint(half)).type, kind === 'float16' ? 'f2' : 'bf2');
  }
});

test('training on a source of them gives the bits of the same rows in memory', async () => {
  const { half, full } = examples('bfloat16');
  const source = { shape: [M, D] as const, read: async (begin: number, end: number) => rowRange(half, begin, end) };
  const results = await Promise.all(
    [source, { ...source, read: async (begin: number, end: number) => rowRange(full, begin, end) }].map(async (x) => {
      const model = await Autoencoder.create({ inputs: D, hidden: 3, seed: 1 });
      const { seconds: _, ...result } = await fit(model, x, { epochs: 2, batchSize: 70 });
      return [result, Object.values(await model.parameters()).map((view) => toFlat(view))];
    }),
  );
  assert.equal(results[0], results[1]);
});

test('infinite numbers and NaN are refused by row and column, as are words that nobody says the kind of', async () => {
  const model = await Autoencoder.create({ inputs: 2, hidden: 3, output: 'linear' });
  for (const [kind, infinite] of [
    ['float16', 0x7c00],
    ['bfloat16', 0x7f80],
  ] as const) {
    for (const [word, value] of [
      [infinite, 'Infinity'],
      [infinite | 0x8000, '-Infinity'],
      [infinite + 1, 'NaN'],
    ] as const) {
      const x = matrix(new TwoByteNumbers(kind, Uint16Array.of(0, 0, 0, word)), 2, 2);
      await assertRefused(
        () => model.encode(x),
        `x is ${value} in row 1, column 1: every value must be a finite float32 number; repair or drop that example`,
      );
      await assertRefused(() => prepare([{ x, unit: 1 }], {}, 'float32'), /row 1, column 1/);
    }
  }
  for (const data of [
    { kind: 'float8', bits: new Uint16Array(4) },
    { kind: 'float16', bits: [0, 0, 0, 0] },
    { bits: 1 },
  ]) {
    await assertRefused(() => model.encode({ data, shape: [2, 2] } as never), /^x/);
  }
  await assertRefused(() => model.encode([new TwoByteNumbers('float16', 2)] as never), /^x/);
});

test('a buffer of them that shrinks during a call is refused', async () => {
  const model = await Autoencoder.create({ inputs: 2, hidden: 3, output: 'linear' });
  const Resizable = ArrayBuffer as unknown as new (bytes: number, options: { maxByteLength: number }) => ArrayBuffer;
  const buffer = new Resizable(8 * 2000, { maxByteLength: 8 * 2000 });
  const x = matrix(new TwoByteNumbers('float16', new Uint16Array(buffer)), 4000, 2);
  const call = fit(model, x, { epochs: 50, batchSize: 100 });
  await new Promise((resolve) => setTimeout(resolve, 1));
  (buffer as unknown as { resize(bytes: number): void }).resize(8);
  await assertRefused(() => call, /storage now holds/);
});

test.run();
