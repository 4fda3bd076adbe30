import ndarray from 'ndarray';
import * as assert from 'uvu/assert';
import { type Matrix, toFlat, type Vector, zeros } from '../../../src/array/matrix.ts';
import type { Kernels, Results } from '../../../src/kernels/kernels.ts';
import { createReferenceKernels } from '../../../src/kernels/reference/reference.ts';
import type { Machine } from '../../../src/kernels/simd/machine.ts';
import { assertClose } from '../../support/close.ts';
import { assertGuard, awkwardShapes, GUARD, type LayoutName, layouts, place, uniforms } from '../../support/views.ts';
import {
  chunked,
  chunkedDouble,
  chunkedDoubleDeterministic,
  doubleMachine,
  inHeap,
  machine,
  whole,
  wholeDouble,
  wholeDoubleDeterministic,
} from './machine.ts';

/** A layout by name, or strides by chance from a seed. */
export type AnyLayout = LayoutName | number;
/** Awkward ones, one with several blocks of columns, and two that are several rows of a walk when they lie flat. */
const shapes = [...awkwardShapes, [19, 150], [3, 4100], [130, 66]] as const;
const allLayouts: readonly AnyLayout[] = [...layouts, 1, 2, 3];
/** For large shapes. */
const fewLayouts: readonly AnyLayout[] = ['rows', 'transposed', 'reversed', 4];

/** What a case runs on: kernels, and views in their storage. Layouts are `out` for outputs and `other` for the rest. */
export interface Ground {
  readonly kernels: Kernels;
  readonly results: Results;
  out(rows: number, columns: number, values: Values): Matrix;
  other(rows: number, columns: number, values: Values): Matrix;
  /** In the layout of `other`. */
  vector(length: number, values: (j: number) => number): Vector;
}
type Values = (i: number, j: number) => number;

/** Runs kernels on a ground and returns the views that they wrote. */
export type Case = (ground: Ground, rows: number, columns: number) => readonly (Matrix | Vector)[];

export interface Bound {
  /** Units of 2⁻²⁴, or 2⁻⁵³, that an element may be off by, relative to `magnitude` plus itself. */
  readonly units: number;
  /** The sum of the magnitudes of the terms of an element, at most. */
  readonly magnitude: number;
  /** The same for the sum in slot 1, over all elements of the shape. */
  readonly sum?: (rows: number, columns: number) => number;
  /** Shapes that are left out. */
  readonly skip?: (rows: number, columns: number) => boolean;
}

/** Which SIMD kernels are compared. */
interface Subject {
  readonly machine: Machine;
  readonly whole: Kernels;
  readonly chunked: Kernels;
  /** Half of an ulp of 1. */
  readonly unit: number;
}
const single: Subject = { machine, whole, chunked, unit: 2 ** -24 };
/** Those of float64. */
export const double: Subject = {
  machine: doubleMachine,
  whole: wholeDouble,
  chunked: chunkedDouble,
  unit: 2 ** -53,
};
/** The same without fused multiply-add. */
export const doubleDeterministic: Subject = {
  ...double,
  whole: wholeDoubleDeterministic,
  chunked: chunkedDoubleDeterministic,
};

/**
 * Runs a case for every shape and layout with the reference kernels in float64 and with the SIMD kernels, in one go and cut
 * into chunks. Fails unless elements and sums agree within the bound; unless chunks change no bit; unless layouts change no
 * bit of an element; and where storage outside of a view was written.
 */
export async function agree(run: Case, bound: Bound, subject: Subject = single): Promise<void> {
  for (const [rows, columns] of shapes) {
    if (bound.skip?.(rows, columns)) continue;
    let first: Outcome | null = null;
    const list = rows * columns > 400 ? fewLayouts : allLayouts;
    for (const out of list) {
      for (const turn of list.length === allLayouts.length ? [0, 1, 3] : [1]) {
        const other = list[(list.indexOf(out) + turn) % list.length];
        const at = `${rows}×${columns}, out ${out}, other ${other}`;
        const simd = await perform(run, subject, subject.whole, rows, columns, out, other);
        const split = await perform(run, subject, subject.chunked, rows, columns, out, other);
        assert.is(differences(simd.views.flat(), split.views.flat()), 0, `chunks changed bits: ${at}`);
        assert.is(differences(simd.sums, split.sums), 0, `chunks changed sums: ${at}`);
        if (first === null) {
          first = simd;
          const exact = await perform(run, null, createReferenceKernels('float64'), rows, columns, out, other);
          const unit = bound.units * subject.unit;
          simd.views.forEach((view, v) => {
            assertClose(view, exact.views[v], { rtol: unit, atol: unit * bound.magnitude });
          });
          assertClose(simd.sums, exact.sums, { rtol: 0, atol: unit * (bound.sum?.(rows, columns) ?? 0) });
        }
        assert.is(differences(simd.views.flat(), first.views.flat()), 0, `the layout changed bits: ${at}`);
        assertClose(simd.sums, first.sums, { rtol: 1e-13, atol: 1e-15 * (bound.sum?.(rows, columns) ?? 0) });
      }
    }
  }
}

interface Outcome {
  readonly views: readonly number[][];
  readonly sums: readonly number[];
}

async function perform(
  run: Case,
  subject: Subject | null,
  kernels: Kernels,
  rows: number,
  columns: number,
  out: AnyLayout,
  other: AnyLayout,
): Promise<Outcome> {
  const releases: (() => void)[] = [];
  const made: (Matrix | Vector)[] = [];
  const settle = <T extends Matrix | Vector>(view: T): T => {
    let settled = view;
    if (subject !== null) {
      const copy = inHeap(view, subject.machine);
      releases.push(copy.release);
      settled = copy.view;
    }
    made.push(settled);
    return settled;
  };
  const make = (layout: AnyLayout) => (m: number, n: number, values: Values) =>
    settle(placeAny(m, n, layout, (i, j) => Math.fround(values(i, j))));
  const results = kernels.allocateResults(3);
  const ground: Ground = {
    kernels,
    results,
    out: make(out),
    other: make(other),
    vector: (length, values) => settle(placeAny(1, length, other, (_, j) => Math.fround(values(j))).pick(0, null)),
  };
  const views = run(ground, rows, columns);
  for (const view of made) assertGuard(view);
  const outcome = { views: views.map((view) => [...toFlat(view)]), sums: [...(await kernels.read(results))] };
  for (const release of releases) release();
  return outcome;
}

/** A float64 view in a layout; SIMD kernels get a float32 copy of it. */
function placeAny(rows: number, columns: number, layout: AnyLayout, values: Values): Matrix {
  if (typeof layout !== 'number') return place(rows, columns, layout, 'float64', values);
  const [a, b, c, d, e] = uniforms(5, 1000 * layout + 10 * rows + columns, 0, 1);
  const inner = 1 + Math.floor(3 * a);
  const [narrow, wide] = e < 0.5 ? [columns, rows] : [rows, columns];
  const outer = inner * Math.max(1, narrow) + Math.floor(5 * b);
  const steps = [c < 0.5 ? outer : -outer, d < 0.5 ? inner : -inner];
  const offset = 2 + (c < 0.5 ? 0 : outer * Math.max(0, wide - 1)) + (d < 0.5 ? 0 : inner * Math.max(0, narrow - 1));
  const storage = zeros(outer * wide + inner * narrow + 5, 'float64').fill(GUARD);
  const view = ndarray(storage, [rows, columns], e < 0.5 ? steps : [steps[1], steps[0]], offset);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) view.set(i, j, values(i, j));
  return view;
}

/** How many numbers differ, NaN being like NaN and −0 unlike 0. */
function differences(a: readonly number[], b: readonly number[]): number {
  let count = Math.abs(a.length - b.length);
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (!Object.is(a[i], b[i])) count++;
  return count;
}

/** Numbers on [low, high) by element, the same for the same seed. */
export function uniform(rows: number, columns: number, seed: number, low = -1, high = 1): Values {
  const values = uniforms(rows * columns, seed, low, high);
  return (i, j) => values[i * columns + j];
}

/** Where a float kernel has corners. */
export const SPECIAL = [
  0,
  -0,
  1,
  -1,
  Infinity,
  -Infinity,
  NaN,
  1e-40,
  -1e-40,
  1e-45,
  1e-30,
  -1e-20,
  3e38,
  -3e38,
  88.7,
  88.73,
  -87.4,
  -100,
  -103.97,
  -104,
  20,
  -20,
];
