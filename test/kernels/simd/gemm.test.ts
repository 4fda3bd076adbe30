import ndarray from 'ndarray';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Matrix } from '../../../src/array/matrix.ts';
import type { Kernels } from '../../../src/kernels/kernels.ts';
import { createGemm } from '../../../src/kernels/simd/gemm.ts';
import { Machine } from '../../../src/kernels/simd/machine.ts';
import { compileModules } from '../../../src/kernels/simd/modules.ts';
import { createSimdKernels } from '../../../src/kernels/simd/simd.ts';
import { PLAIN, RELAXED, type Tile, WIDE } from '../../../src/kernels/simd/tiles.ts';
import { assertClose } from '../../support/close.ts';
import { inStorage } from '../../support/heap-views.ts';
import { assertGuard, type LayoutName, layouts, place, randomView, uniforms } from '../../support/views.ts';
import { multiply } from '../multiply.ts';

const modules = compileModules();
if (modules === null) throw new Error('this engine has no SIMD');
const machine = new Machine(modules);
const k = createSimdKernels(machine, { threads: 1 });
const tiles: readonly Tile[] = modules.relaxed === null ? [PLAIN] : [PLAIN, RELAXED, WIDE];
const always = (tile: Tile) => ({ name: tile.name, for: () => tile });
type Gemm = Kernels['gemm'];

interface Case {
  readonly gemm: Gemm;
  readonly shape: readonly [rows: number, depth: number, columns: number];
  readonly layout: readonly [out: LayoutName, a: LayoutName, b: LayoutName];
  readonly alpha: number;
  readonly beta: number;
}

/** Within (depth + 4)·2⁻²⁴ of the sum of magnitudes of three naive loops; `out` holds NaN beforehand where β = 0. */
function check({ gemm, shape, layout, alpha, beta }: Case): Matrix {
  const [rows, depth, columns] = shape;
  const a = inStorage(k, randomView(rows, depth, layout[1], 'float32', 1));
  const b = inStorage(k, randomView(depth, columns, layout[2], 'float32', 2));
  const held =
    beta === 0
      ? place(rows, columns, layout[0], 'float32', () => Number.NaN)
      : randomView(rows, columns, layout[0], 'float32', 3);
  const out = inStorage(k, held);
  const before = [a.data.slice(), b.data.slice()];
  const { values, tolerance } = multiply(out, a, b, alpha, beta);
  gemm(out, a, b, alpha, beta);
  const unit = ((depth + 4) * 2 ** -24) / ((depth + 4) * 2 ** -53 + 2 ** -24) / 2;
  assertClose(out, values, { rtol: 0, atol: tolerance.map((t) => t * unit) });
  assertGuard(out);
  assert.equal([a.data, b.data], before, 'gemm changed an operand');
  for (const view of [a, b]) k.release(view.data);
  return out;
}

for (const tile of tiles) {
  const gemm = createGemm(machine, 1, always(tile));

  test(`gemm with the tile of ${tile.name} multiplies operands of every layout, with every α and β`, () => {
    for (const out of layouts) {
      for (const a of layouts) {
        for (const b of layouts) {
          for (const alpha of [0, 1, -2]) {
            for (const beta of [0, 1, 0.5]) check({ gemm, shape: [11, 9, 19], layout: [out, a, b], alpha, beta });
          }
        }
      }
    }
  });

  test(`gemm with the tile of ${tile.name} serves every shape around its tile, and empty ones`, () => {
    for (let rows = 0; rows <= tile.rows + 1; rows++) {
      for (let columns = 0; columns <= 2 * tile.columns + 1; columns++) {
        for (const depth of [0, 1, 5]) {
          check({ gemm, shape: [rows, depth, columns], layout: ['rows', 'rows', 'rows'], alpha: 0.5, beta: -2 });
          check({
            gemm,
            shape: [rows, depth, columns],
            layout: ['rows', 'transposed', 'transposed'],
            alpha: 1,
            beta: 0,
          });
        }
      }
    }
  });

  test(`gemm with the tile of ${tile.name} serves shapes on both sides of every block size`, () => {
    const around = (n: number) => [n - 1, n, n + 1];
    const shapes: (readonly [number, number, number])[] = [
      ...around(80).flatMap((n) => [[n, 3, 17] as const, [17, 3, n] as const]),
      ...around(256).map((n) => [9, n, 20] as const),
      ...around(512).map((n) => [20, n, 9] as const),
      [4200, 3, 30],
      [30, 3, 4200],
      [170, 300, 165],
      [100, 784, 1000],
    ];
    for (const shape of shapes) {
      const out = check({ gemm, shape, layout: ['rows', 'rows', 'transposed'], alpha: 1, beta: 0 });
      k.release(out.data);
    }
    check({ gemm, shape: [170, 300, 165], layout: ['transposed', 'strided', 'reversed'], alpha: -2, beta: 0.5 });
  });

  test(`gemm with the tile of ${tile.name} gives an element the same bits, whatever is computed beside it`, () => {
    const a = inStorage(k, randomView(131, 300, 'rows', 'float32', 1));
    const b = inStorage(k, randomView(300, 245, 'rows', 'float32', 2));
    const whole = inStorage(
      k,
      place(131, 245, 'rows', 'float32', () => 0),
    );
    gemm(whole, a, b, 1, 0);
    for (const [i, j, rows, columns] of [
      [0, 0, 1, 1],
      [125, 239, 6, 6],
      [3, 7, 100, 9],
      [128, 1, 1, 200],
    ]) {
      const part = inStorage(
        k,
        place(rows, columns, 'rows', 'float32', () => 0),
      );
      gemm(part, a.lo(i, 0).hi(rows, 300), b.lo(0, j).hi(300, columns), 1, 0);
      for (let p = 0; p < rows; p++) {
        for (let q = 0; q < columns; q++) assert.is(part.get(p, q), whole.get(i + p, j + q));
      }
    }
  });

  test(`gemm with the tile of ${tile.name} begins with another matrix, or with one row everywhere, as with out itself`, () => {
    for (const [rows, depth, columns] of [
      [37, 900, 50],
      [11, 5, 83],
    ]) {
      for (const layout of layouts) {
        const a = inStorage(k, randomView(rows, depth, 'rows', 'float32', 1));
        const b = inStorage(k, randomView(depth, columns, 'transposed', 'float32', 2));
        const from = inStorage(k, randomView(rows, columns, layout, 'float32', 3));
        const { data, offset, shape, stride } = from;
        for (const start of [from, { data, offset, shape, stride: [0, stride[1]] }]) {
          const nothing = () => place(rows, columns, layout, 'float32', () => Number.NaN);
          const [out, twoSteps] = [inStorage(k, nothing()), inStorage(k, nothing())];
          gemm(out, a, b, 2, 0.3, start);
          k.copy(twoSteps, start);
          k.scale(twoSteps, 0.3);
          gemm(twoSteps, a, b, 2, 1);
          assert.equal(out.data, twoSteps.data);
          for (const view of [out, twoSteps]) k.release(view.data);
        }
      }
    }
  });

  test(`gemm with the tile of ${tile.name} passes NaN and infinities on, and no further`, () => {
    for (const x of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const a = inStorage(
        k,
        place(6, 3, 'rows', 'float32', (i, j) => (i === 1 && j === 2 ? x : 1)),
      );
      const b = inStorage(
        k,
        place(3, 18, 'rows', 'float32', () => 1),
      );
      const out = inStorage(
        k,
        place(6, 18, 'rows', 'float32', () => 0),
      );
      gemm(out, a, b, 1, 0);
      for (let i = 0; i < 6; i++) for (let j = 0; j < 18; j++) assert.equal(out.get(i, j), i === 1 ? x : 3);
    }
  });
}

test('gemm serves operands that are longer and deeper than what is packed at a time', () => {
  const [rows, depth, columns] = [2905, 850, 2910];
  const left = (i: number, l: number) => (i % 3) - 1 + (l % 2);
  const right = (l: number, j: number) => (l % 5) - (j % 4);
  const a = inStorage(k, place(columns, depth, 'rows', 'float32', left));
  const b = inStorage(k, place(depth, columns, 'rows', 'float32', right));
  const sums = new Map<number, number>();
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 4; j++) {
      let sum = 0;
      for (let l = 0; l < depth; l++) sum += left(i, l) * right(l, j);
      sums.set(4 * i + j, sum);
    }
  }
  for (const [m, n] of [
    [rows, columns],
    [columns, rows],
  ]) {
    const out = k.allocate(m * n);
    createGemm(machine, 1, always(PLAIN))(ndarray(out, [m, n]), a.hi(m, depth), b.hi(depth, n), 1, 0);
    let wrong = 0;
    for (let i = 0, p = 0; i < m; i++) {
      for (let j = 0; j < n; j++, p++) if (out[p] !== sums.get(4 * (i % 3) + (j % 4))) wrong++;
    }
    assert.is(wrong, 0);
    k.release(out);
  }
});

test('the wide and the relaxed tile give the same bits', () => {
  if (modules.relaxed === null) return;
  const a = inStorage(k, randomView(83, 300, 'rows', 'float32', 1));
  const b = inStorage(k, randomView(300, 75, 'transposed', 'float32', 2));
  const results = [RELAXED, WIDE].map((tile) => {
    const out = inStorage(
      k,
      place(83, 75, 'rows', 'float32', () => 0),
    );
    createGemm(machine, 1, always(tile))(out, a, b, 1, 0);
    return out.data.slice();
  });
  assert.equal(results[0], results[1]);
});

test('gemm gives the same bits on 1, 2 and 3 threads', () => {
  machine.startWorkers(3);
  const draws = uniforms(60, 5, 1, 300);
  for (let i = 0; i < draws.length; i += 3) {
    const [rows, depth, columns] = [draws[i], draws[i + 1], draws[i + 2]].map(Math.floor);
    const a = inStorage(k, randomView(rows, depth, i % 2 ? 'rows' : 'transposed', 'float32', i));
    const b = inStorage(k, randomView(depth, columns, i % 3 ? 'rows' : 'reversed', 'float32', i + 1));
    const results = [1, 2, 3].map((threads) => {
      const out = inStorage(k, randomView(rows, columns, 'rows', 'float32', 9));
      createSimdKernels(machine, { threads }).gemm(out, a, b, 0.5, 1);
      return out.data.slice();
    });
    assert.equal(results[1], results[0]);
    assert.equal(results[2], results[0]);
  }
  machine.dropWorkers();
});

test.run();
