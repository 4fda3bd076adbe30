import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { toFlat } from '../../../src/array/matrix.ts';
import { matExamples } from '../../../src/data/formats/mat.ts';
import { bytesOf, refused } from '../refused.ts';
import { matOf } from './mat-of.ts';

interface Expected {
  readonly shape: readonly number[];
  /** In C order. */
  readonly values: readonly number[];
}
const { mat } = JSON.parse(readFileSync('data/oracles/arrays.json', 'utf8')) as {
  mat: Record<string, { base64: string; arrays: Record<string, Expected> }>;
};
const file = (name: string) => bytesOf(mat[name].base64);

/** SciPy's array with its axes in another order. */
function permuted({ shape, values }: Expected, ...places: number[]): number[] {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, n) => product * n, 1));
  let list = [0];
  for (const place of places) {
    list = list.flatMap((at) => Array.from({ length: shape[place] }, (_, i) => at + i * strides[place]));
  }
  return list.map((at) => values[at]);
}

test('images along the last axis, compressed or not, are an example each', async () => {
  for (const name of ['images', 'images-compressed']) {
    const { x, image, unit, axes, notes } = await matExamples(file(name));
    assert.equal([x.shape, image, unit, axes], [[3, 20], { height: 4, width: 5, channels: 1 }, 1, 'hwm']);
    assert.equal(Array.from(toFlat(x)), permuted(mat[name].arrays.IMAGES, 2, 0, 1));
    assert.equal(notes, ['IMAGES is 4×5×3, axes hwm']);
  }
});

test('the columns of a wide matrix are examples, in their own type', async () => {
  const { x, axes, notes } = await matExamples(file('patches'));
  assert.equal([x.shape, axes, notes], [[8, 3], 'dm', ['patches is 3×8, axes dm']]);
  assert.instance(x.data, Float32Array);
  assert.equal(Array.from(toFlat(x)), permuted(mat.patches.arrays.patches, 1, 0));
  const rows = await matExamples(file('patches'), { axes: 'md' });
  assert.equal([rows.x.shape, Array.from(toFlat(rows.x))], [[3, 8], [...mat.patches.arrays.patches.values]]);
  const image = await matExamples(file('patches'), { axes: 'hw' });
  assert.equal([image.x.shape, image.image], [[1, 24], { height: 3, width: 8, channels: 1 }]);
  assert.equal(Array.from(toFlat(image.x)), [...mat.patches.arrays.patches.values]);
});

test('a vector of labels tells which side of a matrix the examples are', async () => {
  const { X, y } = mat['patches-and-labels'].arrays;
  const { x, axes } = await matExamples(file('patches-and-labels'), { name: 'X' });
  assert.equal([x.shape, axes, Array.from(toFlat(x))], [[8, 3], 'md', [...X.values]]);
  const labels = await matExamples(file('patches-and-labels'), { name: 'y' });
  assert.equal([labels.x.shape, Array.from(labels.x.data)], [[8, 1], [...y.values]]);
  await refused(
    () => matExamples(file('patches-and-labels')),
    /it holds X \(8×3 single\), y \(8×1 uint8\): say which is meant, such as --array X/,
  );
});

test('a matrix that is not wide is asked about, and so are images that may stand either way', async () => {
  const ask = (shape: number[], options = {}) => matExamples(matOf({ x: { shape } }), options);
  await refused(() => ask([8, 3]), /x is 8×3, which may be 3 examples of 8 numbers, its columns \(--axes dm\), or 8/);
  await refused(() => ask([5, 5]), /--axes dm.*--axes md/);
  await refused(() => ask([4, 7]), /say which with --axes/);
  await refused(() => ask([6, 6, 6]), /may be 6 images of 6×6 \(--axes hwm\), or .* \(--axes mhw\)/);
  await refused(() => ask([3, 4, 5, 6]), /shape is \(3, 4, 5, 6\)/);
  await refused(() => ask([2, 3, 4], { axes: 'dm' }), /axes is dm/);
  const shapes: [number[], string][] = [
    [[4, 8], 'dm'],
    [[6, 6, 2], 'hwm'],
    [[90, 6, 6], 'mhw'],
    [[6, 6, 3, 5], 'hwcm'],
    [[1, 7], 'm'],
    [[7, 1], 'm'],
  ];
  for (const [shape, axes] of shapes) assert.is((await ask(shape)).axes, axes, shape.join());
  // What a model's data were read by goes before the shape.
  assert.is((await ask([4, 1], { match: { axes: 'dm' } })).x.shape[0], 1);
  assert.is((await ask([4, 7], { match: { axes: 'dm' } })).x.shape[0], 7);
});

test('every class of numbers has its type and its values; logical ones are 0 and 1', async () => {
  const types = { i8: Int8Array, u8: Uint8Array, i16: Int16Array, u16: Uint16Array, i32: Int32Array, u32: Uint32Array };
  const wide = { i64: Float64Array, u64: Float64Array, single: Float32Array, double: Float64Array, flags: Uint8Array };
  for (const name of ['kinds', 'kinds-compressed']) {
    for (const [own, type] of Object.entries({ ...types, ...wide })) {
      const { x, unit } = await matExamples(file(name), { name: own });
      assert.instance(x.data, type, own);
      assert.equal(Array.from(x.data), [...mat[name].arrays[own].values], own);
      assert.is(unit, own === 'u8' ? 255 : 1, own);
    }
  }
});

test('big-endian files, and whole numbers that are stored as bytes, are read alike', async () => {
  for (const name of ['big-endian', 'stored-small']) {
    const { x } = await matExamples(file(name), { axes: 'md' });
    assert.instance(x.data, Float64Array);
    assert.equal(Array.from(toFlat(x)), [1, 2, 3, 4, 5, 6]);
  }
});

test('what is no array of numbers is passed over, said, and refused by its class where it is asked for', async () => {
  for (const name of ['everything', 'everything-compressed']) {
    const { x, notes } = await matExamples(file(name));
    assert.is(x.shape[0], 3);
    assert.equal(notes, [
      'IMAGES is 4×5×3, axes hwm; left out: c (1×2 cell), s (1×1 struct), t (1×6 char), z (1×2 complex double), sp (3×3 sparse), empty (0×0 double)',
    ]);
    for (const [own, message] of [
      ['c', /c is of class cell, and arrays of numbers are read: save cell2mat\(x\)/],
      ['s', /s is of class struct/],
      ['t', /t is of class char/],
      ['sp', /sp is of class sparse.*full\(x\)/],
      ['z', /z holds complex numbers: save real\(x\)/],
      ['empty', /empty is 0×0 double: there are no numbers/],
      ['big', /big: element 0 is 1152921504606846976: 64-bit integers/],
      ['IMAGE', /no array "IMAGE" \(did you mean IMAGES\?\): it holds IMAGES/],
    ] as const) {
      await refused(() => matExamples(file(name), { name: own }), message);
    }
  }
});

test('one array beside single numbers, texts and empty ones needs no name', async () => {
  const given = matOf({ patches: { shape: [2, 6] }, lambda: { shape: [1, 1] }, none: { shape: [0, 0] } });
  const { x, notes } = await matExamples(given);
  assert.equal([x.shape, notes], [[6, 2], ['patches is 2×6, axes dm; left out: none (0×0 double)']]);
  // A name that other data had is taken where it is there.
  const two = matOf({ a: { shape: [2, 6] }, b: { shape: [2, 8] } });
  assert.is((await matExamples(two, { match: { name: 'b' } })).x.shape[0], 8);
  await refused(() => matExamples(two, { match: { name: 'c' } }), /say which is meant/);
});

test('other versions and other files are refused with what to do', async () => {
  const save = /write it again: save\('x\.mat', 'x', '-v7'\)/;
  await refused(() => matExamples(file('version-4')), /version 4/);
  const v73 = new TextEncoder().encode('MATLAB 7.3 MAT-file, Platform: GLNXA64'.padEnd(600));
  await refused(() => matExamples(v73), /version 7\.3, which is an HDF5 file/);
  await refused(() => matExamples(Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a)), save);
  await refused(() => matExamples(new TextEncoder().encode('# Created by Octave 8')), save);
  const noOrder = file('images').slice();
  noOrder[126] = 0;
  await refused(() => matExamples(noOrder), /byte order/);
});

test.run();
