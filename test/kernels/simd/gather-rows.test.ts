import ndarray from 'ndarray';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { AnyNumbers, Matrix, TypedNumbers } from '../../../src/array/matrix.ts';
import { TwoByteNumbers } from '../../../src/array/two-byte.ts';
import { assertGuard, type LayoutName, layouts, place } from '../../support/views.ts';
import { chunked, inHeap, whole } from './machine.ts';

const rows = Uint32Array.of(4, 0, 0, 6, 5, 3, 6);
const kinds = [
  Float32Array,
  Float64Array,
  Uint8Array,
  Uint8ClampedArray,
  Int8Array,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
];

/** Seven rows of data of a kind, with a gap after each, by rows or by columns. */
function dataOf(kind: (typeof kinds)[number], columns: number, byRows: boolean) {
  const storage: TypedNumbers = new kind(7 * (columns + 2) + 5);
  for (let p = 0; p < storage.length; p++) storage[p] = (p * 37) % 256;
  return ndarray(storage, [7, columns], byRows ? [columns + 2, 1] : [1, 7], 3);
}

function check(data: Matrix<AnyNumbers>, layout: LayoutName, unit = 1): void {
  for (const kernels of [whole, chunked]) {
    const columns = data.shape[1];
    const out = inHeap(place(rows.length, columns, layout, 'float32', () => Number.NaN));
    kernels.gatherRows(out.view, unit === 1 ? data : Object.assign(data, { unit }), rows);
    rows.forEach((row, i) => {
      for (let j = 0; j < columns; j++) {
        assert.is(
          out.view.get(i, j),
          Math.fround(data.get(row, j) / unit),
          `${data.data.constructor.name} (${i}, ${j})`,
        );
      }
    });
    assertGuard(out.view);
    out.release();
  }
}

test('gatherRows copies rows of every kind of numbers in every layout', () => {
  for (const kind of kinds) {
    for (const columns of [0, 1, 3, 4, 17, 64, 129]) {
      for (const layout of layouts) for (const byRows of [true, false]) check(dataOf(kind, columns, byRows), layout);
    }
  }
});

test('gatherRows divides bytes by their unit, with the bits of a division in float64', () => {
  for (const kind of [Uint8Array, Uint8ClampedArray]) {
    for (const layout of layouts) {
      for (const unit of [255, 256, 3, 7.5]) check(dataOf(kind, 129, true), layout, unit);
    }
  }
});

test('gatherRows widens floats of two bytes as `get` does, over a unit too', () => {
  for (const kind of ['float16', 'bfloat16'] as const) {
    for (const columns of [0, 1, 3, 64, 129]) {
      for (const layout of layouts) {
        for (const byRows of [true, false]) {
          for (const unit of [1, 255, 0.3]) {
            // Below the exponent of what is not finite.
            const bits = Uint16Array.from({ length: 7 * (columns + 2) + 5 }, (_, p) => (p * 4099) % 0x7c00);
            const stride = byRows ? [columns + 2, 1] : [1, 7];
            check(ndarray(new TwoByteNumbers(kind, bits), [7, columns], stride, 3), layout, unit);
          }
        }
      }
    }
  }
});

test('gatherRows takes no rows', () => {
  const out = inHeap(place(0, 5, 'rows', 'float32', () => Number.NaN));
  whole.gatherRows(out.view, dataOf(Uint8Array, 5, true), new Uint32Array(0));
  out.release();
});

test.run();
