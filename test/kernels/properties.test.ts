import fc from 'fast-check';
import ndarray from 'ndarray';
import { test } from 'uvu';
import type { Matrix, Precision } from '../../src/array/matrix.ts';
import { sigmoid } from '../../src/kernels/activations/sigmoid.ts';
import { createReferenceKernels } from '../../src/kernels/reference/reference.ts';
import { assertClose } from '../support/close.ts';
import { assertGuard, GUARD, precisions, table, uniforms } from '../support/views.ts';
import { multiply } from './multiply.ts';

const kernels = { float32: createReferenceKernels('float32'), float64: createReferenceKernels('float64') };
const settings = { seed: 20_240_601, numRuns: 300 };

/** How one axis order, the steps and the place in storage make a view of a given shape. */
interface Geometry {
  readonly transpose: boolean;
  readonly gap: number;
  readonly step: number;
  readonly offset: number;
  readonly flip: readonly [boolean, boolean];
}

const geometry: fc.Arbitrary<Geometry> = fc.record({
  transpose: fc.boolean(),
  gap: fc.nat(4),
  step: fc.integer({ min: 1, max: 3 }),
  offset: fc.nat(6),
  flip: fc.tuple(fc.boolean(), fc.boolean()),
});
const precision = fc.constantFrom(...precisions);
const extent = fc.nat(21);
const scalar = fc.constantFrom(0, 1, 0.5, -2);

/** A view of that geometry holding `values`, row-major, in storage that is GUARD elsewhere. */
function build(rows: number, columns: number, g: Geometry, type: Precision, values: Float64Array): Matrix {
  const inner = g.transpose ? rows : columns;
  const outer = g.transpose ? columns : rows;
  const line = inner * g.step + g.gap;
  const storage =
    type === 'float32' ? new Float32Array(g.offset + outer * line) : new Float64Array(g.offset + outer * line);
  const strides = g.transpose ? [g.step, line] : [line, g.step];
  const plain = ndarray(storage.fill(GUARD), [rows, columns], strides, g.offset);
  const view = plain.step(g.flip[0] && rows > 0 ? -1 : 1, g.flip[1] && columns > 0 ? -1 : 1);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) view.set(i, j, values[i * columns + j]);
  return view;
}

test('gemm equals three loops for random shapes, strides, offsets, α and β', () => {
  fc.assert(
    fc.property(
      precision,
      fc.tuple(extent, extent, extent),
      fc.tuple(geometry, geometry, geometry),
      scalar,
      scalar,
      (type, [rows, depth, columns], [gOut, gA, gB], alpha, beta) => {
        const old = uniforms(rows * columns, 1);
        const out = build(rows, columns, gOut, type, beta === 0 ? old.fill(Number.NaN) : old);
        const a = build(rows, depth, gA, type, uniforms(rows * depth, 2));
        const b = build(depth, columns, gB, type, uniforms(depth * columns, 3));
        const expected = multiply(out, a, b, alpha, beta);
        kernels[type].gemm(out, a, b, alpha, beta);
        assertClose(out, expected.values, { rtol: 0, atol: expected.tolerance });
        for (const view of [out, a, b]) assertGuard(view);
      },
    ),
    settings,
  );
});

test('gemm of transposed operands is the transposed product, to the bit', () => {
  fc.assert(
    fc.property(
      precision,
      fc.tuple(extent, extent, extent),
      geometry,
      geometry,
      (type, [rows, depth, columns], gA, gB) => {
        const a = build(rows, depth, gA, type, uniforms(rows * depth, 2));
        const b = build(depth, columns, gB, type, uniforms(depth * columns, 3));
        const empty = { transpose: false, gap: 0, step: 1, offset: 0, flip: [false, false] } as const;
        const product = build(rows, columns, empty, type, new Float64Array(rows * columns));
        const mirrored = build(columns, rows, empty, type, new Float64Array(rows * columns));
        kernels[type].gemm(product, a, b, 1, 0);
        kernels[type].gemm(mirrored, b.transpose(1, 0), a.transpose(1, 0), 1, 0);
        assertClose(mirrored.transpose(1, 0), product, { rtol: 0, atol: 0 });
      },
    ),
    settings,
  );
});

test('axpy equals its definition for random shapes, strides and offsets', () => {
  fc.assert(
    fc.property(precision, extent, extent, geometry, geometry, scalar, (type, rows, columns, gOut, gX, alpha) => {
      const out = build(rows, columns, gOut, type, uniforms(rows * columns, 1));
      const x = build(rows, columns, gX, type, uniforms(rows * columns, 2));
      const expected = table(rows, columns, (i, j) => out.get(i, j) + alpha * x.get(i, j));
      kernels[type].axpy(out, alpha, x);
      assertClose(out, expected, { rtol: 0, atol: type === 'float32' ? 2 ** -22 : 2 ** -51 });
      for (const view of [out, x]) assertGuard(view);
    }),
    settings,
  );
});

test('delta of sigmoid units equals its definition for random shapes, strides and offsets', () => {
  fc.assert(
    fc.property(
      precision,
      extent,
      extent,
      fc.tuple(geometry, geometry, geometry, geometry),
      (type, rows, columns, [gOut, gUp, gPush, gA]) => {
        const out = build(rows, columns, gOut, type, new Float64Array(rows * columns).fill(Number.NaN));
        const upstream = build(rows, columns, gUp, type, uniforms(rows * columns, 1));
        const push = build(1, columns, gPush, type, uniforms(columns, 2)).pick(0, null);
        const a = build(rows, columns, gA, type, uniforms(rows * columns, 3, 0, 1));
        const slope = (i: number, j: number) => a.get(i, j) * (1 - a.get(i, j));
        const expected = table(rows, columns, (i, j) => (upstream.get(i, j) + push.get(j)) * slope(i, j));
        kernels[type].delta(out, upstream, push, a, sigmoid);
        assertClose(out, expected, { rtol: 0, atol: type === 'float32' ? 2 ** -22 : 2 ** -51 });
        for (const view of [out, upstream, a]) assertGuard(view);
      },
    ),
    settings,
  );
});

test.run();
