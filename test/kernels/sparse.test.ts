import ndarray from 'ndarray';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Precision } from '../../src/array/matrix.ts';
import { createReferenceKernels } from '../../src/kernels/reference/reference.ts';
import { assertClose } from '../support/close.ts';
import {
  assertGuard,
  type LayoutName,
  layouts,
  place,
  placeVector,
  precisions,
  randomView,
  table,
  uniforms,
} from '../support/views.ts';

const kernels = { float32: createReferenceKernels('float32'), float64: createReferenceKernels('float64') };
const nan = () => Number.NaN;
/** Every addition to a float32 element rounds once. */
const tolerance = (precision: Precision) => ({ rtol: 0, atol: precision === 'float32' ? 3e-6 : 1e-14 });

/** m examples with k survivors among h units; d columns. Empty, single, odd, k = h. */
const sizes = [
  [0, 2, 3, 4],
  [1, 1, 1, 1],
  [3, 0, 4, 2],
  [2, 2, 5, 0],
  [5, 3, 7, 6],
  [4, 6, 6, 3],
  [7, 5, 65, 67],
] as const;

/** Distinct columns, rising in each row, row-major with a gap. */
function placeIndices(m: number, k: number, h: number) {
  const indices = ndarray(new Uint32Array(m * (k + 1) + 2).fill(99_999), [m, k], [k + 1, 1], 2);
  const draws = uniforms(m * h, 3);
  for (let i = 0; i < m; i++) {
    const columns = Array.from({ length: h }, (_, j) => j).sort((p, q) => draws[i * h + p] - draws[i * h + q]);
    for (const [t, column] of columns
      .slice(0, k)
      .sort((p, q) => p - q)
      .entries())
      indices.set(i, t, column);
  }
  return indices;
}

type Body = (
  size: { m: number; k: number; h: number; d: number },
  indices: ReturnType<typeof placeIndices>,
  out: LayoutName,
  other: LayoutName,
  precision: Precision,
) => void;

function eachSparseCase(body: Body): void {
  for (const precision of precisions) {
    for (const [m, k, h, d] of sizes) {
      for (const out of layouts) {
        for (const other of layouts) body({ m, k, h, d }, placeIndices(m, k, h), out, other, precision);
      }
    }
  }
}

/** Which t of row i is unit j; undefined where it did not survive. */
function slotOf(indices: ReturnType<typeof placeIndices>, i: number, j: number): number | undefined {
  for (let t = 0; t < indices.shape[1]; t++) if (indices.get(i, t) === j) return t;
  return undefined;
}

test('addSparseRows adds the dense product with explicit zeros to what out holds', () => {
  eachSparseCase(({ m, k, h, d }, indices, layout, other, precision) => {
    const out = randomView(m, d, layout, precision, 1);
    const values = randomView(m, k, other, precision, 2);
    const rows = randomView(h, d, other, precision, 4);
    const expected = table(m, d, (i, c) => {
      let sum = out.get(i, c);
      for (let j = 0; j < h; j++) {
        const t = slotOf(indices, i, j);
        sum += (t === undefined ? 0 : values.get(i, t)) * rows.get(j, c);
      }
      return sum;
    });
    kernels[precision].addSparseRows(out, values, indices, rows);
    assertClose(out, expected, tolerance(precision));
    for (const view of [out, values, rows]) assertGuard(view);
  });
});

test('sparseDots writes the inner products at the survivors alone, over whatever out held', () => {
  eachSparseCase(({ m, k, h, d }, indices, layout, other, precision) => {
    const out = place(m, k, layout, precision, nan);
    const dense = randomView(m, d, other, precision, 2);
    const rows = randomView(h, d, other, precision, 4);
    const expected = table(m, k, (i, t) => {
      let sum = 0;
      for (let c = 0; c < d; c++) sum += dense.get(i, c) * rows.get(indices.get(i, t), c);
      return sum;
    });
    kernels[precision].sparseDots(out, dense, indices, rows);
    assertClose(out, expected, tolerance(precision));
    for (const view of [out, dense, rows]) assertGuard(view);
  });
});

test('sparseDots in float32 adds up in float64', () => {
  const dense = place(1, 3, 'rows', 'float32', (_, j) => [2 ** 24, 1, -(2 ** 24)][j]);
  const out = place(1, 1, 'rows', 'float32', nan);
  kernels.float32.sparseDots(
    out,
    dense,
    placeIndices(1, 1, 1),
    place(1, 3, 'rows', 'float32', () => 1),
  );
  assert.is(out.get(0, 0), 1);
});

test('addSparseRows and sparseDots never touch the rows of units that do not survive', () => {
  const k = kernels.float64;
  const indices = placeIndices(2, 1, 1); // unit 0 in both examples
  const rows = place(3, 2, 'rows', 'float64', (j) => (j === 0 ? 1 : Number.NaN));
  const values = place(2, 1, 'rows', 'float64', () => 2);
  const out = place(2, 2, 'rows', 'float64', () => 1);
  k.addSparseRows(out, values, indices, rows);
  assert.equal([...out.data], [3, 3, 3, 3]);
  k.sparseDots(values, out, indices, rows);
  assert.equal([...values.data], [6, 6]);
});

test('gatherColumns writes each row’s elements at its indices', () => {
  eachSparseCase(({ m, k, h }, indices, layout, other, precision) => {
    const out = place(m, k, layout, precision, nan);
    const dense = randomView(m, h, other, precision, 2);
    kernels[precision].gatherColumns(out, dense, indices);
    assertClose(
      out,
      table(m, k, (i, t) => dense.get(i, indices.get(i, t))),
      { rtol: 0, atol: 0 },
    );
    for (const view of [out, dense]) assertGuard(view);
  });
});

test('addSparseOuter adds α times the dense AᵀX with explicit zeros; units that nowhere survive stay as they were', () => {
  eachSparseCase(({ m, k, h, d }, indices, layout, other, precision) => {
    const out = randomView(h, d, layout, precision, 1);
    const values = randomView(m, k, other, precision, 2);
    const dense = randomView(m, d, other, precision, 4);
    const before = table(h, d, (j, c) => out.get(j, c));
    const expected = table(h, d, (j, c) => {
      let sum = out.get(j, c);
      for (let i = 0; i < m; i++) {
        const t = slotOf(indices, i, j);
        if (t !== undefined) sum += -0.5 * values.get(i, t) * dense.get(i, c);
      }
      return sum;
    });
    kernels[precision].addSparseOuter(out, -0.5, values, indices, dense);
    assertClose(out, expected, tolerance(precision));
    for (let j = 0; j < h; j++) {
      if (Array.from({ length: m }, (_, i) => slotOf(indices, i, j)).some((t) => t !== undefined)) continue;
      for (let c = 0; c < d; c++) assert.is(out.get(j, c), before[j * d + c]);
    }
    for (const view of [out, values, dense]) assertGuard(view);
  });
});

test('addSparseSums adds α times the sum over the examples where each unit survives', () => {
  eachSparseCase(({ m, k, h }, indices, layout, other, precision) => {
    const out = placeVector(h, layout, precision, (j) => j / 7);
    const values = randomView(m, k, other, precision, 2);
    const expected = table(1, h, (_, j) => {
      let sum = out.get(j);
      for (let i = 0; i < m; i++) {
        const t = slotOf(indices, i, j);
        if (t !== undefined) sum += 0.25 * values.get(i, t);
      }
      return sum;
    });
    kernels[precision].addSparseSums(out, 0.25, values, indices);
    assertClose(out, expected, { rtol: precision === 'float32' ? 1e-6 : 1e-14, atol: tolerance(precision).atol });
    for (const view of [out, values]) assertGuard(view);
  });
});

test.run();
