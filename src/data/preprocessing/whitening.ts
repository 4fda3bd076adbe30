import {
  type AnyNumbers,
  type Matrix,
  matrix,
  type Numbers,
  type Vector,
  type View,
  vector,
} from '../../array/matrix.ts';
import { numberAt } from '../../array/numbers.ts';
import { InputError } from '../../errors.ts';
import { dotRows } from './dot-rows.ts';
import { covariance, eigen } from './eigen.ts';
import { columnMeans } from './standardize.ts';

/**
 * z = (x − mean)·transformᵀ. mean: (d); transform: (d, d) for zca, (components, d) for pca; its rows are filters over
 * the input, as an encoder's are.
 */
export interface Whitening {
  /** zca turns back into the space of the input, so filters stay images; pca does not. */
  readonly kind: 'zca' | 'pca';
  /** ε ≥ 0, added to each eigenvalue before its root is taken. */
  readonly epsilon: number;
  /** Of each column of the training data, (d). */
  readonly mean: Vector<Float64Array>;
  /** (d, d) for zca, (components, d) for pca; its rows are filters over the input. */
  readonly transform: Matrix<Float64Array>;
}

/** Whitening to be fitted: z = (x − mean)·transformᵀ has the covariance I where ε is small. */
export interface WhiteningSpec {
  /** zca keeps the space of the input, pca turns to the principal axes. */
  readonly kind: 'zca' | 'pca';
  /** ε, added to each eigenvalue (a variance, in squared units of x): damps the directions of small variance. */
  readonly epsilon: number;
  /** Directions to keep, those of the largest variance; pca only, all by default. */
  readonly components?: number | undefined;
}

const SMALLEST = 1e-12; // of the largest eigenvalue: below it rounding decides, and 1/√ would blow it up

/**
 * ZCA: transform = U·diag(1/√(s + ε))·Uᵀ; PCA: its rows are uⱼ/√(sⱼ + ε), largest variance first; s, U: eigenvalues and
 * eigenvectors of the covariance of x: (m, d), divided by m. Throws InputError where s + ε is 0 to rounding.
 * [Bell & Sejnowski 1997; UFLDL tutorial, "Whitening"]
 */
export function fitWhitening({ kind, epsilon, components }: WhiteningSpec, x: View<AnyNumbers>): Whitening {
  const d = x.shape[1];
  if (!(epsilon >= 0 && epsilon < Infinity)) {
    throw new InputError(`${kind}: epsilon is ${epsilon}: it must be a finite number of at least 0, such as 0.01`);
  }
  if (
    components !== undefined &&
    (kind === 'zca' || !Number.isInteger(components) || components < 1 || components > d)
  ) {
    const allowed = kind === 'zca' ? 'zca keeps all, leave it out or use pca' : `it must be an integer from 1 to ${d}`;
    throw new InputError(`${kind}: components is ${components}: ${allowed}`);
  }
  const mean = columnMeans(x);
  const c = covariance(x, mean);
  if (!c.every(Number.isFinite))
    throw new InputError(`${kind}: the covariance overflows: scale the data to moderate size`);
  const { values, vectors } = eigen(c, d);
  const kept = components ?? d;
  const remedy = values[0] / 100 || 0.01;
  for (let j = 0; j < kept; j++) {
    if (!(values[j] + epsilon > SMALLEST * values[0])) {
      throw new InputError(
        `${kind}: direction ${j} has no variance, epsilon is ${epsilon}: give a larger epsilon, such as ${remedy}`,
      );
    }
  }
  const transform = new Float64Array(kept * d);
  if (kind === 'pca') {
    for (let q = 0; q < kept * d; q++) transform[q] = vectors[q] / Math.sqrt(values[Math.floor(q / d)] + epsilon);
  } else {
    // T[i, j] = Σₖ U[i, k]·U[j, k]/√(sₖ + ε): `halves` holds the rows U[i, ·]/⁴√(s + ε).
    const halves = new Float64Array(d * d);
    for (let i = 0; i < d; i++) {
      for (let k = 0; k < d; k++) halves[i * d + k] = vectors[k * d + i] / Math.sqrt(Math.sqrt(values[k] + epsilon));
    }
    for (let i = 0; i < d; i++) dotRows(transform, i * d, halves, i * d, halves, i, d, d);
    for (let i = 0; i < d; i++) for (let j = 0; j < i; j++) transform[i * d + j] = transform[j * d + i];
  }
  return { kind, epsilon, mean: vector(mean), transform: matrix(transform, kept, d) };
}

/** out ← (x − mean)·transformᵀ. out: (m, rows of transform) row-major. */
export function applyWhitening({ mean, transform }: Whitening, x: View<AnyNumbers>, out: Numbers): void {
  const [m, d] = x.shape;
  const { unit = 1 } = x;
  const outputs = transform.shape[0];
  const centred = new Float64Array(d);
  const z = new Float64Array(outputs);
  for (let i = 0; i < m; i++) {
    const p = x.offset + i * x.stride[0];
    for (let j = 0; j < d; j++) centred[j] = numberAt(x.data, p + j * x.stride[1]) / unit - mean.data[mean.offset + j];
    z.fill(0);
    dotRows(z, 0, centred, 0, transform.data, 0, outputs, d);
    out.set(z, i * outputs);
  }
}

/** Filters over whitened inputs as filters over the inputs: out ← W·transform, (h, d). w: (h, rows of transform). */
export function unwhitenFilters({ transform }: Whitening, w: View<Numbers>, out: Numbers): void {
  const [h, inputs] = w.shape;
  const d = transform.shape[1];
  for (let i = 0; i < h; i++) {
    const row = new Float64Array(d);
    for (let k = 0; k < inputs; k++) {
      const weight = w.data[w.offset + i * w.stride[0] + k * w.stride[1]];
      for (let j = 0; j < d; j++) row[j] += weight * transform.data[k * d + j];
    }
    out.set(row, i * d);
  }
}
