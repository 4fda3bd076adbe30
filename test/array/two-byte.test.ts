import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import ndarray from 'ndarray';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { asValues, matrix, rowRange, toFlat, transposed } from '../../src/array/matrix.ts';
import { commonStorage, numberAt, putInto } from '../../src/array/numbers.ts';
import { strided } from '../../src/array/strided.ts';
import { TwoByteNumbers, widened } from '../../src/array/two-byte.ts';
import { asView } from '../../src/array/view-check.ts';
import { toFloat16 } from '../../src/data/formats/to-float16.ts';

interface Oracle {
  readonly sha256: string;
  readonly notFinite: number;
  readonly nearest: readonly number[];
}
const oracles = JSON.parse(readFileSync('data/oracles/two-byte.json', 'utf8')) as {
  readonly float16: Oracle;
  readonly bfloat16: Oracle;
  readonly numbers: readonly number[];
};
const all = Uint16Array.from({ length: 2 ** 16 }, (_, word) => word);
const kinds = ['float16', 'bfloat16'] as const;

test('each of the 65,536 words is the number that NumPy and PyTorch take it for, subnormal, infinite and NaN', () => {
  for (const kind of kinds) {
    const numbers = new TwoByteNumbers(kind, all);
    const values = Float32Array.from(numbers);
    const out = new DataView(new ArrayBuffer(4 * values.length));
    values.forEach((value, i) => {
      if (Number.isNaN(value)) out.setUint32(4 * i, 0x7fc00000, true);
      else out.setFloat32(4 * i, value, true);
    });
    assert.is(createHash('sha256').update(new Uint8Array(out.buffer)).digest('hex'), oracles[kind].sha256, kind);
    assert.is(values.filter((value) => !Number.isFinite(value)).length, oracles[kind].notFinite);
    assert.ok(all.every((word) => Object.is(numbers.get(word), values[word])));
    assert.ok(widened(kind).every((value, word) => Object.is(value, values[word])));
  }
  const halves = new TwoByteNumbers('float16', all);
  assert.equal(
    [0x0001, 0x03ff, 0x0400, 0x3c01, 0x7bff, 0x8000, 0xfc00].map((word) => halves.get(word)),
    [2 ** -24, 1023 * 2 ** -24, 2 ** -14, 1 + 2 ** -10, 65504, -0, Number.NEGATIVE_INFINITY],
  );
});

test('toFloat16 is the nearest float16, ties to even, as NumPy has it, and gives every word back', () => {
  oracles.numbers.forEach((value, i) => {
    assert.is(toFloat16(value), oracles.float16.nearest[i], String(value));
  });
  const values = widened('float16');
  for (const word of all) assert.is(toFloat16(values[word]), Number.isNaN(values[word]) ? 0x7e00 : word);
  // A float64 is rounded once: by way of float32 this would be a tie.
  assert.is(toFloat16(1 + 2 ** -11 + 2 ** -40), 0x3c01);
});

test('they have what typed arrays have, but no index', () => {
  const bits = Uint16Array.of(0x3c00, 0x4000, 0xc000, 0x3800);
  const x = new TwoByteNumbers('float16', bits);
  assert.equal([x.length, x.byteLength, x.BYTES_PER_ELEMENT, [...x]], [4, 8, 2, [1, 2, -2, 0.5]]);
  assert.equal(
    [[...x.subarray(1, 3)], [...x.slice(2)]],
    [
      [2, -2],
      [-2, 0.5],
    ],
  );
  assert.is(x.subarray(1).bits.buffer, bits.buffer);
  assert.is.not(x.slice().bits.buffer, bits.buffer);
  assert.is((x as unknown as number[])[0], undefined);
  assert.throws(() => x.set(0, 1), /read only/);
  assert.equal([...new TwoByteNumbers('bfloat16', 2)], [0, 0]);
  assert.is(numberAt(x, 3), 0.5);
});

test('views of them, of ndarray and of our own, give the numbers; flat copies keep their type, or have another', () => {
  const bits = Uint16Array.of(0x3c00, 0x4000, 0xc000, 0x3800, 0x3400, 0x0001);
  const x = new TwoByteNumbers('float16', bits);
  const rows = [
    [1, 2, -2],
    [0.5, 0.25, 2 ** -24],
  ];
  for (const make of [ndarray, strided]) {
    const view = (make as typeof strided)(x, [2, 3], [3, 1], 0);
    assert.is(view.dtype, 'generic');
    assert.equal(
      [0, 1].map((i) => [0, 1, 2].map((j) => view.get(i, j))),
      rows,
    );
    assert.is(view.transpose(1, 0).hi(2, 2).get(1, 1), 0.25);
  }
  const view = matrix(x, 2, 3);
  assert.equal(
    toFlat(transposed(view)),
    new TwoByteNumbers('float16', Uint16Array.of(15360, 14336, 16384, 13312, 49152, 1)),
  );
  assert.equal(toFlat(rowRange(view, 1, 2), new Float64Array(3)), Float64Array.from(rows[1]));
  assert.equal(asValues(view, 'float32').data, Float32Array.from(rows.flat()));
  assert.equal(
    toFlat({ ...view, unit: 4 }, new Float64Array(6)),
    Float64Array.from(rows.flat(), (value) => value / 4),
  );
});

test('storage of several is of their type where they agree, and float64 otherwise, of their numbers', () => {
  const half = new TwoByteNumbers('float16', Uint16Array.of(0x3c00, 0x3800));
  const brain = new TwoByteNumbers('bfloat16', Uint16Array.of(0x3f80));
  const joined = (...parts: Parameters<typeof commonStorage>[0][number][]) => {
    const out = commonStorage(parts, 3);
    putInto(out, parts[0], 0);
    putInto(out, parts[1], 2);
    return out;
  };
  assert.equal(joined(half, half.subarray(1)), new TwoByteNumbers('float16', Uint16Array.of(0x3c00, 0x3800, 0x3800)));
  assert.equal(joined(half, brain), Float64Array.of(1, 0.5, 1));
  assert.equal(joined(half, Uint16Array.of(7)), Float64Array.of(1, 0.5, 7));
});

test('asView takes a structured clone for what it was, and the Float16Array of the platform', async () => {
  const data = new TwoByteNumbers('bfloat16', Uint16Array.of(0x3f80, 0x4000));
  const cloned = structuredClone({ ...matrix(data, 1, 2) });
  assert.not.instance(cloned.data, TwoByteNumbers);
  assert.equal(asView(cloned, 'x').data, data);
  assert.equal(asView({ data, shape: [1, 2] }, 'x').data, data);
  const Half = (globalThis as { readonly Float16Array?: new (numbers: readonly number[]) => Float32Array })
    .Float16Array;
  if (Half !== undefined) {
    const view = asView({ data: new Half([1, -2]).subarray(1), shape: [1, 1], unit: 2 }, 'x');
    assert.equal([[...view.data], view.unit], [[-2], 2]);
    assert.equal(view.data, new TwoByteNumbers('float16', Uint16Array.of(0xc000)));
  }
});

test.run();
