import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { describeExamples } from '../../../src/data/formats/describe-examples.ts';
import { idxExamples } from '../../../src/data/formats/idx.ts';
import { npyExamples } from '../../../src/data/formats/npy.ts';
import { rawExamples } from '../../../src/data/formats/raw-f32.ts';
import { refused } from '../refused.ts';

/** An .npy file of the numbers 0, 1, 2, … in float32. */
function npy(shape: readonly number[], fortran = false): Uint8Array {
  const text = `{'descr': '<f4', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${shape.join(', ')},), }`;
  const count = shape.reduce((product, n) => product * n, 1);
  const body = Buffer.from(Float32Array.from({ length: count }, (_, i) => i).buffer);
  const head = Uint8Array.of(0x93, 78, 85, 77, 80, 89, 1, 0, 118, 0);
  return Buffer.concat([head, Buffer.from(`${text.padEnd(117)}\n`), body]);
}

/** The number of row-major 0, 1, 2, … of the shape at an index. */
const at = (shape: readonly number[], index: readonly number[]) =>
  index.reduce((place, i, axis) => place * shape[axis] + i, 0);

test('ten images beside each other along the last axis are not taken for many narrow ones', async () => {
  await refused(
    () => npyExamples(npy([16, 16, 10])),
    /\(16, 16, 10\), which may be 16 images of 16×10 \(--axes mhw\), or 10 images of 16×16 \(--axes hwm\)/,
  );
  await refused(() => npyExamples(npy([12, 9, 40])), /40 images of 12×9 \(--axes hwm\)/);
  await refused(() => npyExamples(npy([16, 16, 3])), /--axes hwm/); // one image in colour, or three
  const { x, image } = npyExamples(npy([16, 16, 10]), { axes: 'hwm' });
  assert.equal([x.shape, image], [[10, 256], { height: 16, width: 16, channels: 1 }]);
  assert.is(x.get(7, 5 * 16 + 2), at([16, 16, 10], [5, 2, 7]));
});

test('images in a row are read as they always were', () => {
  for (const shape of [
    [10, 16, 16],
    [400, 8, 6],
    [1, 16, 16],
    [3, 16, 16],
    [2, 1, 2],
  ]) {
    const { x, image, axes } = npyExamples(npy(shape));
    assert.equal([x.shape, axes], [[shape[0], shape[1] * shape[2]], 'mhw'], shape.join());
    assert.equal(image, { height: shape[1], width: shape[2], channels: 1 });
  }
  assert.equal(npyExamples(npy([4, 5, 6, 3])).image, { height: 5, width: 6, channels: 3 });
});

test('channels that come first are told how to be read, not to be reshaped', async () => {
  await refused(
    () => npyExamples(npy([5, 3, 4, 6])),
    /5 images of 4×6 in colour: say so with --axes mchw, or write numpy\.transpose\(x, \(0, 2, 3, 1\)\)/,
  );
  await refused(() => npyExamples(npy([4, 6, 3, 5])), /numpy\.transpose\(x, \(3, 0, 1, 2\)\)/);
  await refused(() => npyExamples(npy([5, 3, 4, 3])), /--axes mhwc\), or .*--axes mchw/);
  await refused(() => npyExamples(npy([5, 4, 4, 4])), /allowed are .*x\.reshape\(len\(x\), -1\)/);
  const { x, image } = npyExamples(npy([5, 3, 4, 6]), { axes: 'mchw' });
  assert.equal(image, { height: 4, width: 6, channels: 3 });
  assert.is(x.get(2, (3 * 6 + 1) * 3 + 2), at([5, 3, 4, 6], [2, 2, 3, 1]));
});

test('any order of axes gives the same numbers, in C and in Fortran layout', () => {
  const extents = { m: 4, h: 3, w: 5, c: 3, d: 7 };
  const orders = ['md', 'dm', 'hw', 'wh', 'mhw', 'hwm', 'mwh', 'hwc', 'chw', 'mhwc', 'mchw', 'hwcm', 'cwhm'];
  fc.assert(
    fc.property(fc.constantFrom(...orders), fc.boolean(), (axes, fortran) => {
      const shape = [...axes].map((letter) => extents[letter as keyof typeof extents]);
      const { x, image } = npyExamples(npy(shape, fortran), { axes });
      const own = fortran ? [...shape].reverse() : shape;
      const number = (place: Record<string, number>) => {
        const index = [...axes].map((letter) => place[letter]);
        return at(own, fortran ? index.reverse() : index);
      };
      const [m, c] = [axes.includes('m') ? 4 : 1, axes.includes('c') ? 3 : 1];
      if (axes.includes('d')) {
        assert.equal([x.shape, image], [[4, 7], undefined]);
        for (let i = 0; i < 4; i++) for (let d = 0; d < 7; d++) assert.is(x.get(i, d), number({ m: i, d }));
        return;
      }
      assert.equal([x.shape, image], [[m, 15 * c], { height: 3, width: 5, channels: c }]);
      for (let i = 0; i < m; i++)
        for (let p = 0; p < 15 * c; p++) {
          const place = { m: i, h: Math.floor(p / (5 * c)), w: Math.floor(p / c) % 5, c: p % c };
          assert.is(x.get(i, p), number(place));
        }
    }),
    { numRuns: 60, seed: 5 },
  );
});

test('IDX files and bare numbers take axes too, and refuse those that do not fit', async () => {
  const idx = Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 10, 20, 30, 40, 50, 60);
  assert.equal(Array.from(idxExamples(idx, { axes: 'dm' }).x.data), [10, 40, 20, 50, 30, 60]);
  const cube = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 1, 1, 2, 3, 4);
  await refused(() => idxExamples(cube), /--axes mhw/);
  const description = '{"dtype": "uint8", "shape": [2, 2, 1]}';
  await refused(() => rawExamples(Uint8Array.of(1, 2, 3, 4), description), /--axes hwm/);
  assert.equal(rawExamples(Uint8Array.of(1, 2, 3, 4), description, { axes: 'hwm' }).x.shape, [1, 4]);
  await refused(() => npyExamples(npy([4, 6]), { axes: 'hwm' }), /\(4, 6\), and axes is hwm: name 2 axes/);
  await refused(() => npyExamples(npy([4, 6, 5, 5]), { axes: 'mchw' }), /axes is mchw: .*1 or 3/);
  for (const axes of ['', 'x', 'mm', 'mdh', 'h', 'mhwcd'] as const)
    await refused(() => npyExamples(npy([4, 6]), { axes }), /axes is ".*": it must name each axis/);
  await refused(() => npyExamples(npy([4, 6]), { axes: 5 as unknown as string }), /axes is 5/);
});

test('the axes of a model’s data are taken where they fit, and ask for nothing where they do not', async () => {
  assert.equal(npyExamples(npy([8, 8, 3]), { match: { axes: 'hwm' } }).x.shape, [3, 64]);
  assert.equal(npyExamples(npy([8, 3]), { match: { axes: 'hwm' } }).x.shape, [8, 3]);
  await refused(() => npyExamples(npy([2, 3, 8, 8]), { match: { axes: 'mhwc' } }), /--axes mchw/);
});

test('what was read is described', () => {
  const words = (shape: number[], axes?: string) => describeExamples([npyExamples(npy(shape), { axes })]);
  assert.is(words([10, 5, 6]), '10 images of 5×6, gray');
  assert.is(words([6, 6, 10], 'hwm'), '10 images of 6×6, gray, axes hwm');
  assert.is(words([1, 5, 6, 3]), '1 image of 5×6, colour');
  assert.is(words([1200, 1]), '1,200 examples of 1 number');
  assert.is(words([2, 9], 'dm'), '9 examples of 2 numbers, axes dm');
  const bytes = idxExamples(Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 200));
  assert.is(describeExamples([bytes]), '1 example of 2 numbers, divided by 255');
  const two = [npyExamples(npy([2, 5, 6])), npyExamples(npy([3, 4, 4]))];
  assert.is(describeExamples(two), '5 images of 2 sizes or kinds');
  assert.is(describeExamples([two[0], ...two]), '7 images of 2 sizes or kinds');
  assert.is(describeExamples([two[0], two[0]]), '4 images of 5×6, gray');
});

test.run();
