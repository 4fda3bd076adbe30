import { InputError } from '../../errors.ts';
import { eigen } from './eigen.ts';
import type { Whitening } from './whitening.ts';

/** How far from symmetric, or from orthogonal, a transform may be, of its largest entry, row or eigenvalue. */
const ROUNDING = 1e-9;

/**
 * transform⁺, the Moore–Penrose inverse, (d, rows of transform) row-major. pca: rows tⱼ are orthogonal, so its columns are
 * tⱼ/‖tⱼ‖²; zca: U·diag(1/λ)·Uᵀ of the symmetric transform's eigenvalues.
 * @throws InputError where rows are not orthogonal, the transform is not symmetric, or it is singular.
 */
export function inverseTransform({ kind, transform }: Whitening): Float64Array {
  const [k, d] = transform.shape;
  const t = transform.data;
  return kind === 'pca' ? ofOrthogonalRows(t, k, d) : ofSymmetric(t, k, d);
}

function ofOrthogonalRows(t: Float64Array, k: number, d: number): Float64Array {
  const out = new Float64Array(d * k);
  const dot = (a: number, b: number) => {
    let sum = 0;
    for (let j = 0; j < d; j++) sum += t[a * d + j] * t[b * d + j];
    return sum;
  };
  const squares = Float64Array.from({ length: k }, (_, i) => dot(i, i));
  for (let i = 0; i < k; i++) {
    if (squares[i] === 0) throw singular('pca');
    for (let b = 0; b < i; b++) {
      if (Math.abs(dot(i, b)) <= ROUNDING * Math.sqrt(squares[i] * squares[b])) continue;
      throw new InputError(
        `pca: rows ${b} and ${i} of its transform are not orthogonal: only a transform as fitPreprocessing makes it is undone`,
      );
    }
    for (let j = 0; j < d; j++) out[j * k + i] = t[i * d + j] / squares[i];
  }
  return out;
}

function ofSymmetric(t: Float64Array, k: number, d: number): Float64Array {
  let [largest, apart] = [0, 0];
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < d; j++) {
      largest = Math.max(largest, Math.abs(t[i * d + j]));
      apart = Math.max(apart, Math.abs(t[i * d + j] - t[j * d + i]));
    }
  }
  if (k !== d || !(apart <= ROUNDING * largest)) {
    throw new InputError(
      'zca: its transform is not symmetric: only a transform as fitPreprocessing makes it is undone; give it as pca if its rows are orthogonal',
    );
  }
  const { values, vectors } = eigen(t, d);
  if (!(values[d - 1] > ROUNDING * values[0])) throw singular('zca');
  const out = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let e = 0; e < d; e++) {
      const scale = vectors[e * d + i] / values[e];
      for (let j = 0; j < d; j++) out[i * d + j] += scale * vectors[e * d + j];
    }
  }
  return out;
}

function singular(kind: string): InputError {
  return new InputError(
    `${kind}: its transform is singular and cannot be undone: fit it with a larger epsilon, or fewer components`,
  );
}
