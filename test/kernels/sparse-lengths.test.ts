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

// Rows of which the first `lengths` pairs count. What lies behind is NaN, with indices of no row, or of the first.

const kernels = { float32: createReferenceKernels('float32'), float64: createReferenceKernels('float64') };
const nan = () => Number.NaN;
const NO_ROW = 0xffff_fff0;
const tolerance = (precision: Precision) => ({ rtol: 0, atol: precision === 'float32' ? 3e-6 : 1e-14 });

/** m examples of at most k pairs among h units; d columns. */
const sizes = [
  [0, 2, 3, 4],
  [1, 1, 1, 1],
  [3, 0, 4, 2],
  [2, 2, 5, 0],
  [6, 3, 7, 6],
  [9, 6, 6, 3],
  [7, 5, 65, 67],
] as const;

/** Distinct columns, rising; rows of no pair, one, all and some of them in turn. `step` lies between the lengths; `counted`: the columns within them. */
function rowsOf([m, k, h, d]: readonly [number, number, number, number], step: number) {
  const turns = [0, Math.min(1, k), k, k >> 1];
  const draws = uniforms(m * h, 3);
  const counted = Array.from({ length: m }, (_, i) =>
    Array.from({ length: h }, (_value, j) => j)
      .sort((p, q) => draws[i * h + p] - draws[i * h + q])
      .slice(0, turns[i % 4])
      .sort((p, q) => p - q),
  );
  const indices = ndarray(new Uint32Array(m * (k + 1) + 2).fill(NO_ROW), [m, k], [k + 1, 1], 2);
  for (let i = 0; i < m; i++) for (let t = 0; t < k; t++) indices.set(i, t, (i + t) % 2 === 0 ? NO_ROW : 0);
  counted.forEach((columns, i) => {
    columns.forEach((column, t) => {
      indices.set(i, t, column);
    });
  });
  return {
    m,
    k,
    h,
    d,
    indices,
    lengths: vectorOf(
      counted.map((columns) => columns.length),
      step,
    ),
    counted,
  };
}

type Rows = ReturnType<typeof rowsOf>;

function vectorOf(values: readonly number[], step: number) {
  const offset = step < 0 ? 1 - step * values.length : 1;
  const view = ndarray(
    new Uint32Array(Math.abs(step) * values.length + 2).fill(NO_ROW),
    [values.length],
    [step],
    offset,
  );
  values.forEach((value, i) => {
    view.set(i, value);
  });
  return view;
}

/** Random values of the pairs that count, NaN behind them. */
function valuesOf({ m, k, counted }: Pick<Rows, 'm' | 'k' | 'counted'>, layout: LayoutName, precision: Precision) {
  const values = uniforms(m * k, 2);
  return place(m, k, layout, precision, (i, t) => (t < counted[i].length ? values[i * k + t] : Number.NaN));
}

function eachCase(body: (rows: Rows, out: LayoutName, other: LayoutName, precision: Precision) => void): void {
  for (const precision of precisions) {
    for (const size of sizes) {
      for (const out of layouts) {
        for (const other of layouts)
          body(rowsOf(size, out === 'reversed' ? -2 : 1 + (other.length % 3)), out, other, precision);
      }
    }
  }
}

test('addSparseRows adds the pairs within the lengths alone', () => {
  eachCase(({ m, k, h, d, indices, lengths, counted }, layout, other, precision) => {
    const out = randomView(m, d, layout, precision, 1);
    const values = valuesOf({ m, k, counted }, other, precision);
    const rows = randomView(h, d, other, precision, 4);
    const expected = table(m, d, (i, c) =>
      counted[i].reduce((sum, j, t) => sum + values.get(i, t) * rows.get(j, c), out.get(i, c)),
    );
    kernels[precision].addSparseRows(out, values, indices, rows, lengths);
    assertClose(out, expected, tolerance(precision));
    for (const view of [out, values, rows]) assertGuard(view);
  });
});

test('sparseDots writes the products of the pairs within the lengths', () => {
  eachCase(({ m, k, h, d, indices, lengths, counted }, layout, other, precision) => {
    const out = place(m, k, layout, precision, nan);
    const dense = randomView(m, d, other, precision, 2);
    const rows = randomView(h, d, other, precision, 4);
    kernels[precision].sparseDots(out, dense, indices, rows, lengths);
    counted.forEach((columns, i) => {
      const expected = columns.map((j) => {
        let sum = 0;
        for (let c = 0; c < d; c++) sum += dense.get(i, c) * rows.get(j, c);
        return sum;
      });
      assertClose(
        columns.map((_, t) => out.get(i, t)),
        expected,
        tolerance(precision),
      );
    });
    for (const view of [out, dense, rows]) assertGuard(view);
  });
});

test('gatherColumns writes the elements of the pairs within the lengths', () => {
  eachCase(({ m, k, h, indices, lengths, counted }, layout, other, precision) => {
    const out = place(m, k, layout, precision, nan);
    const dense = randomView(m, h, other, precision, 2);
    kernels[precision].gatherColumns(out, dense, indices, lengths);
    counted.forEach((columns, i) => {
      assert.equal(
        columns.map((_, t) => out.get(i, t)),
        columns.map((j) => dense.get(i, j)),
      );
    });
    for (const view of [out, dense]) assertGuard(view);
  });
});

test('addSparseOuter adds α·value·dense of the pairs within the lengths alone', () => {
  eachCase(({ m, k, h, d, indices, lengths, counted }, layout, other, precision) => {
    const out = randomView(h, d, layout, precision, 1);
    const values = valuesOf({ m, k, counted }, other, precision);
    const dense = randomView(m, d, other, precision, 4);
    const expected = table(h, d, (j, c) => out.get(j, c));
    counted.forEach((columns, i) => {
      columns.forEach((j, t) => {
        for (let c = 0; c < d; c++) expected[j * d + c] += -0.5 * values.get(i, t) * dense.get(i, c);
      });
    });
    kernels[precision].addSparseOuter(out, -0.5, values, indices, dense, lengths);
    assertClose(out, expected, tolerance(precision));
    for (const view of [out, values, dense]) assertGuard(view);
  });
});

test('addSparseSums adds α·value of the pairs within the lengths alone', () => {
  eachCase(({ m, k, h, indices, lengths, counted }, layout, other, precision) => {
    const out = placeVector(h, layout, precision, (j) => j / 7);
    const values = valuesOf({ m, k, counted }, other, precision);
    const expected = table(1, h, (_, j) => out.get(j));
    counted.forEach((columns, i) => {
      columns.forEach((j, t) => {
        expected[j] += 0.25 * values.get(i, t);
      });
    });
    kernels[precision].addSparseSums(out, 0.25, values, indices, lengths);
    assertClose(out, expected, { rtol: precision === 'float32' ? 1e-6 : 1e-14, atol: tolerance(precision).atol });
    for (const view of [out, values]) assertGuard(view);
  });
});

/** The same view, but that whoever reads or writes beyond its storage fails. */
function strict<V extends { readonly data: object }>(view: V): V {
  const within = (target: object, key: string | symbol) => {
    if (typeof key === 'string' && !(key in target)) throw new Error(`element ${key} is beyond the storage`);
  };
  const data = new Proxy(view.data, {
    get(target, key) {
      within(target, key);
      return Reflect.get(target, key, target);
    },
    set(target, key, value) {
      within(target, key);
      return Reflect.set(target, key, value, target);
    },
  });
  return { ...view, data };
}

test('no sparse kernel looks for the rows that indices behind the lengths name', () => {
  for (const precision of precisions) {
    const k = kernels[precision];
    const { indices, lengths, counted } = rowsOf([5, 3, 4, 1], 2);
    const of = (rows: number, columns: number, seed: number) =>
      strict(randomView(rows, columns, 'rows', precision, seed));
    const pairs = () => strict(valuesOf({ m: 5, k: 3, counted }, 'rows', precision));
    const run = (which: typeof lengths | null) => [
      () => k.addSparseRows(of(5, 1, 1), pairs(), indices, of(4, 1, 2), which),
      () => k.sparseDots(pairs(), of(5, 1, 1), indices, of(4, 1, 2), which),
      () => k.gatherColumns(pairs(), of(5, 4, 1), indices, which),
      () => k.addSparseOuter(of(4, 1, 1), 1, pairs(), indices, of(5, 1, 2), which),
      () => k.addSparseSums({ ...of(1, 4, 1), shape: [4], stride: [1] }, 1, pairs(), indices, which),
    ];
    for (const call of run(lengths)) call();
    for (const call of run(null)) assert.throws(call, /beyond the storage/);
  }
});

test.run();
