import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyNumbers, matrix, rowRange, toFlat, type View } from '../../../src/array/matrix.ts';
import { numberAt } from '../../../src/array/numbers.ts';
import type { Examples } from '../../../src/data/examples.ts';
import type { DataPlan } from '../../../src/data/preprocessing/data-plan.ts';
import { prepare } from '../../../src/data/preprocessing/prepare.ts';
import { assertClose } from '../../support/close.ts';
import { assertRefused } from '../../support/errors.ts';

const image = { height: 4, width: 4, channels: 1 };
const photos: Examples = {
  x: matrix(
    Uint8Array.from({ length: 6 * 16 }, (_, i) => (i * 37) % 256),
    6,
    16,
  ),
  unit: 255,
  image,
};

/** What a model of float64 sees. */
const valuesOf = (x: View<AnyNumbers>) => toFlat(x, new Float64Array(x.shape[0] * x.shape[1]));

test('prepare keeps bytes as they are, with their unit, and keeps the image shape', () => {
  const { x, steps, image: shape } = prepare([photos], {}, 'float32');
  assert.equal([...x.shape], [6, 16]);
  assert.is(x.data, photos.x.data, 'not a copy');
  assert.is(x.unit, 255);
  assert.is(valuesOf(x)[1], 37 / 255);
  assert.equal(steps, []);
  assert.equal(shape, image);
});

test('prepare limits, cuts patches and preprocesses in that order', () => {
  const plan = { limit: 2, patches: { size: 2, count: 5, seed: 1 }, preprocessing: [{ kind: 'cs294a' } as const] };
  const { x, steps, image: shape } = prepare([photos], plan, 'float64');
  assert.equal([...x.shape], [5, 4]);
  assert.equal(shape, { height: 2, width: 2, channels: 1 });
  assert.is(steps.length, 1);
  for (const value of toFlat(x)) assert.ok(value >= 0.1 && value <= 0.9);
});

test('prepare without steps gives what would take more memory than the precision in the precision', () => {
  const of = (data: AnyNumbers, unit = 1) => ({ x: matrix(data, 2, 1), unit }) as Examples;
  const float64 = of(Float64Array.of(0.1, 1e-3));
  const narrow = prepare([float64], {}, 'float32').x;
  assert.equal([narrow.data, narrow.unit], [Float32Array.of(0.1, 1e-3), undefined]);
  for (const [examples, precision] of [
    [float64, 'float64'],
    [of(Float32Array.of(1, 2)), 'float32'],
    [of(Uint16Array.of(1, 65535), 65535), 'float64'],
  ] as const) {
    const { x } = prepare([examples], {}, precision);
    assert.is(x.data, examples.x.data);
    assert.is(x.unit, examples.unit);
  }
});

test('prepare preprocesses bytes as it does the float64 numbers that they stand for', () => {
  const plain = {
    ...photos,
    x: matrix(
      Float64Array.from(photos.x.data, (byte) => byte / 255),
      6,
      16,
    ),
    unit: 1,
  };
  const chains: DataPlan['preprocessing'][] = [
    [{ kind: 'cs294a' }],
    [{ kind: 'standardize' }],
    [
      { kind: 'contrast', epsilon: 0.01 },
      { kind: 'zca', epsilon: 0.1 },
    ],
    [{ kind: 'pca', epsilon: 0.1, components: 5 }, { kind: 'standardize' }],
  ];
  for (const preprocessing of chains) {
    for (const precision of ['float32', 'float64'] as const) {
      const bytes = prepare([photos], { preprocessing }, precision);
      const numbers = prepare([plain], { preprocessing }, precision);
      assert.equal([bytes.x.data, bytes.x.unit], [numbers.x.data, undefined]);
      assert.equal(bytes.steps, numbers.steps);
      const again = prepare([photos], {}, precision, bytes.steps);
      assert.equal(again.x.data, bytes.x.data, 'the fitted chain in one go rounds once, at its end');
    }
  }
});

test('prepare refuses what is not finite, and says where', async () => {
  const x = matrix(Float32Array.of(1, 2, 3, Number.NaN), 2, 2);
  await assertRefused(() => prepare([{ x, unit: 1 }], {}, 'float32'), /^data: row 1, column 1 .* is NaN/);
});

test('prepare fits a chain step by step, and repeats it on new data with the constants of training', () => {
  const plan = { preprocessing: [{ kind: 'zca', epsilon: 0.1 } as const, { kind: 'cs294a' } as const] };
  const trained = prepare([photos], plan, 'float64');
  const again = prepare([{ ...photos, x: photos.x.lo(2, 0) }], {}, 'float64', trained.steps);
  assertClose([...toFlat(again.x)], [...toFlat(trained.x)].slice(2 * 16));
  const refitted = prepare([{ ...photos, x: photos.x.lo(2, 0) }], plan, 'float64');
  assert.not.equal(toFlat(refitted.x), toFlat(again.x), 'other data would fit other constants');
});

test('prepare turns colour grey where it is asked to', () => {
  const colour: Examples = {
    x: matrix(Uint8Array.of(255, 0, 0, 0, 255, 0), 1, 6),
    unit: 255,
    image: { height: 1, width: 2, channels: 3 },
  };
  const { x } = prepare([colour], { gray: true }, 'float64');
  assertClose(valuesOf(x), [0.299, 0.587], { rtol: 1e-7 });
});

test('prepare refuses images of several sizes unless patches are cut from them', async () => {
  const small: Examples = {
    x: matrix(new Uint8Array(4), 1, 4),
    unit: 255,
    image: { height: 2, width: 2, channels: 1 },
  };
  await assertRefused(() => prepare([photos, small], {}, 'float32'), /come in 2 sizes or kinds/);
  const { x } = prepare([photos, small], { patches: { size: 2, count: 3, seed: 1 } }, 'float32');
  assert.equal([...x.shape], [3, 4]);
});

test('prepare names the step of preprocessing that is none', async () => {
  const given =
    (...preprocessing: unknown[]) =>
    () =>
      prepare([bytes(4)], { preprocessing } as never, 'float32');
  await assertRefused(
    given('standardize'),
    /^plan\.preprocessing\.0 is "standardize": a step is an object such as \{ kind: 'standardize' \}, of the kind cs294a,/,
  );
  await assertRefused(
    given({ kind: 'standardize' }, { kind: 'blur' }),
    /^plan\.preprocessing\.1 is \{"kind":"blur"\}: /,
  );
  await assertRefused(given(null), /^plan\.preprocessing\.0 is null: /);
});

const bytes = (m: number): Examples => ({
  x: matrix(
    Uint8Array.from({ length: m * 2 }, (_, i) => i),
    m,
    2,
  ),
  unit: 1,
});
/** Of ten examples; row i of `bytes` begins with 2i. */
const labels = [3, 1, 0, 3, 2, 1, 3, 0, 3, 1];
const firsts = (x: View<AnyNumbers>) => Array.from({ length: x.shape[0] }, (_, i) => valuesOf(x)[2 * i] / 2);

test('prepare keeps the rows of the classes that are asked for, in their order, and their labels follow', () => {
  const { x, labels: left } = prepare([bytes(10)], { classes: [3, 0] }, 'float64', undefined, labels);
  assert.equal(firsts(x), [0, 2, 3, 6, 7, 8]);
  assert.equal(left, Uint32Array.of(3, 0, 3, 3, 0, 3));
  assert.equal(
    Array.from({ length: 6 }, (_, i) => valuesOf(x)[2 * i + 1] - valuesOf(x)[2 * i]),
    Array(6).fill(1),
    'whole rows',
  );
});

test('prepare limits after choosing the classes, labels with the rows', () => {
  const { x, labels: left } = prepare([bytes(10)], { classes: [1, 3], limit: 4 }, 'float64', undefined, labels);
  assert.equal(firsts(x), [0, 1, 3, 5]);
  assert.equal(left, Uint32Array.of(3, 1, 3, 1));
  const all = prepare([bytes(10)], { limit: 3 }, 'float64', undefined, labels);
  assert.equal([firsts(all.x), all.labels], [[0, 1, 2], Uint32Array.of(3, 1, 0)]);
  assert.throws(() => prepare([bytes(10)], { classes: [0], limit: 3 }, 'float64', undefined, labels), /there are 2/);
});

test('prepare fits its steps on the chosen classes alone', () => {
  const plan = { classes: [0], preprocessing: [{ kind: 'standardize' } as const] };
  const chosen = prepare([bytes(10)], plan, 'float64', undefined, labels);
  const two = { ...bytes(2), x: matrix(Uint8Array.of(4, 5, 14, 15), 2, 2) };
  const alone = prepare([two], { preprocessing: plan.preprocessing }, 'float64');
  assert.equal(toFlat(chosen.x), toFlat(alone.x));
});

test('prepare without labels gives none, and reads examples of any layout alike', () => {
  assert.not('labels' in prepare([bytes(10)], {}, 'float64'));
  const turned = { ...bytes(10), x: bytes(10).x.step(-1, 1) };
  const { x } = prepare([turned], { classes: [2] }, 'float64', undefined, labels);
  assert.equal([...toFlat(x)], [10, 11]);
});

test('prepare leaves the examples and labels that it is given as they are', () => {
  const given = bytes(10);
  const own = labels.slice();
  prepare([given], { classes: [3], limit: 2 }, 'float64', undefined, own);
  assert.equal([given.x.data, own], [bytes(10).x.data, labels]);
});

test('prepare refuses labels that do not match, classes that nobody has, and classes without labels', async () => {
  const call = (plan: DataPlan, own?: number[], stacks = [bytes(10)]) =>
    prepare(stacks, plan, 'float64', undefined, own);
  await assertRefused(() => call({}, labels.slice(1)), /9 labels for 10 examples/);
  await assertRefused(() => call({}, []), /0 labels for 10 examples/);
  await assertRefused(() => call({}, labels, [bytes(6), bytes(4)]), /one for each|come in 2 sizes/);
  await assertRefused(() => call({ classes: [7, 8] }, labels), /no example has one of the classes 7, 8/);
  await assertRefused(() => call({ classes: [] }, labels), /no example has one of the classes/);
  await assertRefused(() => call({ classes: [1, 2] }), /classes 1, 2 are asked for, and the data have no labels/);
  const patches = { size: 2, count: 3, seed: 1 };
  await assertRefused(() => call({ patches }, labels.slice(4), [photos]), /patches have no labels/);
});

test('prepare cuts patches out of images of the chosen classes', () => {
  const patches = { size: 4, count: 5, seed: 1 };
  const { x, labels: left } = prepare([photos], { classes: [1], patches }, 'float64', undefined, [0, 1, 0, 0, 0, 0]);
  const own = valuesOf(prepare([{ ...photos, x: photos.x.lo(1, 0).hi(1, 16) }], {}, 'float64').x);
  assert.is(left, undefined);
  for (let i = 0; i < 5; i++) assert.equal([...valuesOf(x)].slice(16 * i, 16 * i + 16), [...own]);
});

test('prepare fits every kind of step to the rows that are not held out, and treats those alike', () => {
  const [m, d, n] = [60, 9, 20];
  const data = Float64Array.from({ length: m * d }, (_, i) => Math.sin(i * i) + 0.1 * (i % d));
  const changed = Float64Array.from(data, (value, i) => (i < (m - n) * d ? value : 50 - 9 * value));
  const of = (values: Float64Array, rows = m) => ({ x: matrix(values.slice(0, rows * d), rows, d), unit: 2 });
  for (const preprocessing of [
    [{ kind: 'standardize' }],
    [{ kind: 'cs294a' }],
    [{ kind: 'zca', epsilon: 0.1 }],
    [{ kind: 'pca', epsilon: 0.1, components: 4 }],
    [{ kind: 'contrast', epsilon: 0.1 }],
    [{ kind: 'layer-norm' }, { kind: 'constant-norm' }],
    [{ kind: 'contrast', epsilon: 0.1 }, { kind: 'pca', epsilon: 0.1, components: 4 }, { kind: 'standardize' }],
  ] as const) {
    const alone = prepare([of(data, m - n)], { preprocessing }, 'float64');
    for (const values of [data, changed]) {
      const { steps, x } = prepare([of(values)], { preprocessing, heldOut: n }, 'float64');
      assert.equal(steps, alone.steps, preprocessing[0].kind);
      assert.equal(toFlat(rowRange(x, 0, m - n)), toFlat(alone.x));
      assert.is(x.shape[0], m);
    }
    const { x } = prepare([of(changed)], { preprocessing, heldOut: n }, 'float64');
    assert.equal(
      toFlat(x),
      toFlat(prepare([of(changed)], {}, 'float64', alone.steps).x),
      'held-out rows are applied to',
    );
  }
});

test('held-out patches are cut from images of their own, the last ones, and the others from those before', () => {
  // Every image is of one grey level, so that a patch tells where it was cut.
  const flat = (first: number, rows: number, side: number): Examples => ({
    x: matrix(
      Uint8Array.from({ length: rows * side ** 2 }, (_, i) => first + Math.floor(i / side ** 2)),
      rows,
      side ** 2,
    ),
    unit: 255,
    image: { height: side, width: side, channels: 1 },
  });
  const stacks = [flat(0, 3, 5), flat(3, 7, 4)];
  const levels = (heldOut: number) => {
    const { x } = prepare(stacks, { patches: { size: 2, count: 400, seed: 1 }, heldOut }, 'float32');
    assert.equal([...x.shape, x.unit], [400, 4, 255]);
    const seen = Array.from({ length: 400 }, (_, i) => numberAt(x.data, i * 4));
    return [seen.slice(0, 400 - heldOut), seen.slice(400 - heldOut)].map((part) => [...new Set(part)].sort());
  };
  assert.equal(levels(80), [
    [0, 1, 2, 3, 4, 5, 6, 7],
    [8, 9],
  ]);
  assert.equal(levels(1), [[0, 1, 2, 3, 4, 5, 6, 7, 8], [9]]);
  assert.equal(levels(399)[1].length, 9);
  assert.equal(levels(0)[0].length, 10);
});

test('prepare refuses to hold out all examples, or patches of a single image', async () => {
  await assertRefused(() => prepare([photos], { heldOut: 6 }, 'float32'), /^plan\.heldOut is 6: there are 6 examples/);
  await assertRefused(() => prepare([photos], { heldOut: -1 }, 'float32'), /^plan\.heldOut is -1/);
  const patches = { size: 2, count: 10, seed: 1 };
  await assertRefused(
    () => prepare([photos], { limit: 1, patches, heldOut: 2 }, 'float32'),
    /^plan\.heldOut is 2 with plan\.patches, and there is one image: .* give two or more/,
  );
});

test.run();
