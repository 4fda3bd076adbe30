import * as assert from 'uvu/assert';
import type { View } from '../../src/array/matrix.ts';
import { overNumbers } from './views.ts';

/** A view, or numbers in a row. */
export type Values = ArrayLike<number> | View;

export interface Tolerance {
  /** Relative to |expected|. */
  readonly rtol?: number;
  /** Absolute: one for all, or one an element in row-major order. */
  readonly atol?: number | ArrayLike<number>;
}

/** What two float64 computations of one formula may differ by. */
export const DEFAULT_TOLERANCE = { rtol: 1e-12, atol: 1e-14 } as const;

/**
 * Fails unless |actual − expected| ≤ atol + rtol·|expected| everywhere, shapes (of two views) and lengths being equal.
 * NaN equals nothing, itself included; an infinity equals itself. Names the worst element.
 */
export function assertClose(actual: Values, expected: Values, tolerance: Tolerance = {}): void {
  const { rtol = DEFAULT_TOLERANCE.rtol, atol = DEFAULT_TOLERANCE.atol } = tolerance;
  if (isView(actual) && isView(expected)) {
    assert.equal([...actual.shape], [...expected.shape], `shape (${actual.shape}) is not (${expected.shape})`);
  }
  const a = flatten(actual);
  const e = flatten(expected);
  assert.is(a.length, e.length, `${a.length} values where ${e.length} are expected`);
  if (typeof atol !== 'number') assert.is(atol.length, e.length, `${atol.length} tolerances for ${e.length} values`);
  let worst = -1;
  let largest = 1;
  for (let i = 0; i < e.length; i++) {
    const allowed = (typeof atol === 'number' ? atol : atol[i]) + rtol * Math.abs(e[i]);
    const gap = a[i] === e[i] ? 0 : Math.abs(a[i] - e[i]) / allowed;
    const size = Number.isNaN(gap) || (gap > 0 && !Number.isFinite(e[i])) ? Number.POSITIVE_INFINITY : gap;
    if (size > largest) {
      largest = size;
      worst = i;
    }
  }
  if (worst < 0) return;
  const shape = isView(actual) ? actual.shape : [a.length];
  const index = shape.length === 2 ? `${Math.floor(worst / shape[1])}, ${worst % shape[1]}` : worst;
  assert.unreachable(
    `at (${index}): ${a[worst]} where ${e[worst]} is expected, off by ${Math.abs(a[worst] - e[worst])}, ` +
      `${largest.toPrecision(3)} times what is allowed`,
  );
}

function isView(x: Values): x is View {
  return 'shape' in x;
}

/** Row-major elements of a view of any rank, without the code under test. */
function flatten(x: Values): ArrayLike<number> {
  if (!isView(x)) return x;
  const flat: number[] = [];
  const { data } = overNumbers(x);
  const visit = (axis: number, p: number) => {
    if (axis === x.shape.length) flat.push(data[p]);
    else for (let i = 0; i < x.shape[axis]; i++) visit(axis + 1, p + i * x.stride[axis]);
  };
  visit(0, x.offset);
  return flat;
}
