import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Matrix, Precision } from '../../src/array/matrix.ts';
import { createReferenceKernels } from '../../src/kernels/reference/reference.ts';
import { assertClose } from '../support/close.ts';
import { assertGuard, eachCase, layouts, place, placeVector, precisions, randomView, table } from '../support/views.ts';

const kernels = { float32: createReferenceKernels('float32'), float64: createReferenceKernels('float64') };
const nan = () => Number.NaN;
/** What one rounding to the precision may change. */
const rounding = (precision: Precision) => ({ rtol: precision === 'float32' ? 2 ** -24 : 2 ** -52, atol: 0 });

/** Compares `out` with f(i, j) and looks for writes outside of it. */
function expectTable(out: Matrix, precision: Precision, f: (i: number, j: number) => number): void {
  const [rows, columns] = out.shape;
  assertClose(out, table(rows, columns, f), { rtol: 2 * rounding(precision).rtol, atol: rounding(precision).rtol });
  assertGuard(out);
}

test('fill writes one value into every element', async () => {
  await eachCase((rows, columns, layout, _, precision) => {
    const out = place(rows, columns, layout, precision, nan);
    kernels[precision].fill(out, 2.5);
    expectTable(out, precision, () => 2.5);
  });
});

test('copy writes x over whatever out held', async () => {
  await eachCase((rows, columns, layout, other, precision) => {
    const out = place(rows, columns, layout, precision, nan);
    const x = randomView(rows, columns, other, precision, 1);
    kernels[precision].copy(out, x);
    expectTable(out, precision, (i, j) => x.get(i, j));
    kernels[precision].copy(x, x);
    expectTable(out, precision, (i, j) => x.get(i, j));
  });
});

test('axpy adds α·x to what out holds, out = x included', async () => {
  await eachCase((rows, columns, layout, other, precision) => {
    const out = randomView(rows, columns, layout, precision, 1);
    const x = randomView(rows, columns, other, precision, 2);
    const expected = table(rows, columns, (i, j) => out.get(i, j) - 0.75 * x.get(i, j));
    kernels[precision].axpy(out, -0.75, x);
    expectTable(out, precision, (i, j) => expected[i * columns + j]);
    const doubled = table(rows, columns, (i, j) => 3 * x.get(i, j));
    kernels[precision].axpy(x, 2, x);
    expectTable(x, precision, (i, j) => doubled[i * columns + j]);
  });
});

test('scale multiplies every element', async () => {
  await eachCase((rows, columns, layout, _, precision) => {
    const out = randomView(rows, columns, layout, precision, 1);
    const expected = table(rows, columns, (i, j) => -3 * out.get(i, j));
    kernels[precision].scale(out, -3);
    expectTable(out, precision, (i, j) => expected[i * columns + j]);
  });
});

test('blend writes α·x + β·y over whatever out held, out = x and out = y included', async () => {
  await eachCase((rows, columns, layout, other, precision) => {
    const k = kernels[precision];
    const x = randomView(rows, columns, other, precision, 1);
    const y = randomView(rows, columns, layout, precision, 2);
    const out = place(rows, columns, layout, precision, nan);
    const expected = table(rows, columns, (i, j) => 0.75 * x.get(i, j) - 1.5 * y.get(i, j));
    k.blend(out, x, 0.75, y, -1.5);
    for (const view of [x, y]) assertGuard(view);
    expectTable(out, precision, (i, j) => expected[i * columns + j]);
    const own = place(rows, columns, other, precision, (i, j) => x.get(i, j));
    k.blend(own, own, 0.75, y, -1.5);
    expectTable(own, precision, (i, j) => expected[i * columns + j]);
    k.blend(y, x, 0.75, y, -1.5);
    expectTable(y, precision, (i, j) => expected[i * columns + j]);
    const sum = table(rows, columns, (i, j) => 3 * x.get(i, j));
    k.blend(x, x, 2, x, 1);
    expectTable(x, precision, (i, j) => sum[i * columns + j]);
  });
});

test('blend takes views over doubles beside those of the precision, and rounds once, in out', async () => {
  await eachCase((rows, columns, layout, other, precision) => {
    const k = kernels[precision];
    const [x, wide] = [randomView(rows, columns, other, precision, 1), randomView(rows, columns, layout, 'float64', 2)];
    const expected = table(rows, columns, (i, j) => 0.9 * wide.get(i, j) + 0.1 * x.get(i, j));
    const narrow = place(rows, columns, layout, precision, nan);
    k.blend(narrow, wide, 0.9, x, 0.1);
    const rounded = precision === 'float32' ? expected.map(Math.fround) : expected;
    assertClose(narrow, rounded, { rtol: 0, atol: 0 });
    k.blend(wide, x, 0.1, wide, 0.9);
    assertClose(
      wide,
      table(rows, columns, (i, j) => expected[i * columns + j]),
      { rtol: 2 ** -52, atol: 2 ** -54 },
    );
    for (const view of [x, narrow, wide]) assertGuard(view);
  });
});

test('addProducts adds a ⊙ b to what out holds, for every layout, out = a included', async () => {
  await eachCase((rows, columns, layout, other, precision) => {
    const k = kernels[precision];
    const out = randomView(rows, columns, layout, precision, 1);
    const a = randomView(rows, columns, other, precision, 2);
    const b = randomView(rows, columns, layout, precision, 3);
    const expected = table(rows, columns, (i, j) => out.get(i, j) + a.get(i, j) * b.get(i, j));
    k.addProducts(out, a, b);
    expectTable(out, precision, (i, j) => expected[i * columns + j]);
    const squares = table(rows, columns, (i, j) => out.get(i, j) + a.get(i, j) ** 2);
    k.addProducts(out, a, a);
    expectTable(out, precision, (i, j) => squares[i * columns + j]);
    const own = table(rows, columns, (i, j) => a.get(i, j) * (1 + b.get(i, j)));
    k.addProducts(a, a, b);
    expectTable(a, precision, (i, j) => own[i * columns + j]);
    assertGuard(b);
  });
});

test('addProducts passes a NaN on, 0 times infinity included', () => {
  for (const [a, b] of [
    [Number.NaN, 0],
    [0, Number.NaN],
    [0, Number.POSITIVE_INFINITY],
  ]) {
    const out = placeVector(1, 'rows', 'float64', () => 1);
    const [left, right] = [a, b].map((value) => placeVector(1, 'rows', 'float64', () => value));
    kernels.float64.addProducts(out, left, right);
    assert.ok(Number.isNaN(out.get(0)));
  }
});

test('dot adds Σ x·y to its slot alone, summed in float64', async () => {
  await eachCase(async (rows, columns, layout, other, precision) => {
    const k = kernels[precision];
    const x = randomView(rows, columns, layout, precision, 1);
    const y = randomView(rows, columns, other, precision, 2);
    const results = k.allocateResults(3);
    k.dot(results, 1, x, y);
    k.dot(results, 1, x, y);
    const sum = table(rows, columns, (i, j) => x.get(i, j) * y.get(i, j)).reduce((total, value) => total + value, 0);
    assertClose(await k.read(results), [0, 2 * sum, 0], { rtol: 1e-13, atol: rows * columns * 2 ** -52 });
  });
});

test('dot in float32 does not lose small terms beside large ones', async () => {
  const k = kernels.float32;
  const x = placeVector(1001, 'rows', 'float32', (i) => (i === 0 ? 4096 : 1));
  const results = k.allocateResults(1);
  k.dot(results, 0, x, x);
  assert.equal([...(await k.read(results))], [2 ** 24 + 1000]);
});

test('broadcastRow writes the row into every row of out', async () => {
  await eachCase((rows, columns, layout, other, precision) => {
    const out = place(rows, columns, layout, precision, nan);
    const row = placeVector(columns, other, precision, (j) => j + 0.5);
    kernels[precision].broadcastRow(out, row);
    expectTable(out, precision, (_, j) => j + 0.5);
  });
});

test('gatherRows takes rows in any order, repeated ones too, of any layout', () => {
  for (const precision of precisions) {
    for (const layout of layouts) {
      for (const other of layouts) {
        const data = place(6, 3, other, precision, (i, j) => 10 * i + j);
        const out = place(4, 3, layout, precision, nan);
        const rows = Uint32Array.of(5, 0, 3, 3);
        kernels[precision].gatherRows(out, data, rows);
        expectTable(out, precision, (i, j) => 10 * rows[i] + j);
      }
    }
  }
});

test('gatherRows converts bytes and other integers to the precision', () => {
  for (const precision of precisions) {
    for (const data of [Uint8Array.of(0, 255, 7, 8), Int16Array.of(-300, 255, 7, 8), Float64Array.of(0.1, 1, 2, 3)]) {
      const out = place(2, 2, 'strided', precision, nan);
      const source = { data, shape: [2, 2], stride: [1, 2], offset: 0 };
      kernels[precision].gatherRows(out, source, Uint32Array.of(1, 0));
      expectTable(out, precision, (i, j) => data[1 - i + 2 * j]);
    }
  }
});

test('gatherRows divides by the unit: every byte over 255 gives the bits of the rounded quotient', () => {
  for (const precision of precisions) {
    const source = {
      data: Uint8Array.from({ length: 256 }, (_, i) => i),
      shape: [2, 128],
      stride: [128, 1],
      offset: 0,
    };
    const out = place(2, 128, 'rows', precision, nan);
    kernels[precision].gatherRows(out, { ...source, unit: 255 }, Uint32Array.of(0, 1));
    expectTable(out, precision, (i, j) => (128 * i + j) / 255);
  }
});

test('gatherRows of no rows and of no columns writes nothing', () => {
  const data = place(2, 3, 'rows', 'float64', () => 1);
  const out = place(2, 3, 'offset', 'float64', () => 9);
  kernels.float64.gatherRows(out, data, new Uint32Array(0));
  expectTable(out, 'float64', () => 9);
  kernels.float64.gatherRows(out.hi(2, 0), data.hi(2, 0), Uint32Array.of(0, 1));
  expectTable(out, 'float64', () => 9);
});

test('write and copyOut are row-major whatever the layout, and copyOut owns its storage', async () => {
  await eachCase(async (rows, columns, layout, _, precision) => {
    const out = place(rows, columns, layout, precision, nan);
    const values = Array.from({ length: rows * columns }, (_value, i) => i + 0.5);
    kernels[precision].write(out, values);
    expectTable(out, precision, (i, j) => i * columns + j + 0.5);
    const copy = await kernels[precision].copyOut(out);
    assert.equal([...copy], values);
    assert.is(copy instanceof Float32Array, precision === 'float32');
    copy.fill(0);
    expectTable(out, precision, (i, j) => i * columns + j + 0.5);
  });
});

test('allocate and allocateResults give zeroed storage; read returns a copy; clearResults clears every slot', async () => {
  for (const precision of precisions) {
    const k = kernels[precision];
    assert.equal(
      [k.precision, k.allocate(2).constructor.name],
      [precision, precision === 'float32' ? 'Float32Array' : 'Float64Array'],
    );
    assert.equal([...k.allocate(3)], [0, 0, 0]);
    const one = placeVector(1, 'rows', precision, () => 1);
    const results = k.allocateResults(2);
    k.dot(results, 0, one, one);
    k.dot(results, 1, one, one);
    const read = await k.read(results);
    k.clearResults(results);
    assert.equal([...read, ...(await k.read(results))], [1, 1, 0, 0]);
  }
});

test('addScaledRows adds row i of x times sᵢ to what out holds', async () => {
  await eachCase((rows, columns, layout, other, precision) => {
    const out = randomView(rows, columns, layout, precision, 1);
    const x = randomView(rows, columns, other, precision, 2);
    const s = placeVector(rows, other, precision, (i) => (i % 2 === 0 ? 0.5 : -1.25));
    const expected = table(rows, columns, (i, j) => out.get(i, j) + s.get(i) * x.get(i, j));
    kernels[precision].addScaledRows(out, s, x);
    expectTable(out, precision, (i, j) => expected[i * columns + j]);
    for (const view of [x, s]) assertGuard(view);
  });
});

test.run();
