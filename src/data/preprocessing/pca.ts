import { type AnyNumbers, type Matrix, matrix, type Vector, type View, vector } from '../../array/matrix.ts';
import { numberAt } from '../../array/numbers.ts';
import { InputError } from '../../errors.ts';
import { refuseNonFinite } from '../finite.ts';
import { dotRows } from './dot-rows.ts';
import { covariance, eigen } from './eigen.ts';
import { columnMeans } from './standardize.ts';

/**
 * The best k-dimensional linear description of a data set: what a linear autoencoder with k units is held against.
 * mean: (d); components: (k, d), orthonormal rows, largest variance first; variances: (k), divided by m.
 */
export interface Pca {
  /** Of each column, (d). */
  readonly mean: Vector<Float64Array>;
  /** (k, d): orthonormal rows, largest variance first. */
  readonly components: Matrix<Float64Array>;
  /** Along each component, (k), divided by m. */
  readonly variances: Vector<Float64Array>;
}

/**
 * Principal components of x: (m, d), the leading eigenvectors of (1/m) Σ (x − mean)ᵀ(x − mean). A component's sign is
 * chosen as for whitening. Throws InputError where k is not from 1 to d, or x is empty or not finite.
 * [Hotelling 1933; Baldi & Hornik 1989 for the link to linear autoencoders]
 */
export function fitPca(x: View<AnyNumbers>, components: number): Pca {
  const [m, d] = x.shape;
  if (x.shape.length !== 2 || m < 1 || d < 1) {
    throw new InputError(`PCA: the data's shape is (${x.shape.join(', ')}): give a matrix (m, d), an example a row`);
  }
  if (!Number.isInteger(components) || components < 1 || components > d) {
    throw new InputError(`PCA: components is ${components}: it must be an integer from 1 to ${d}`);
  }
  refuseNonFinite(x, 'PCA');
  const mean = columnMeans(x);
  const c = covariance(x, mean);
  if (!c.every(Number.isFinite)) throw new InputError('PCA: the covariance overflows: scale the data to moderate size');
  const { values, vectors } = eigen(c, d);
  return {
    mean: vector(mean),
    components: matrix(vectors.slice(0, components * d), components, d),
    variances: vector(Float64Array.from(values.slice(0, components))),
  };
}

/** Calls `use(i, x, x̂)` for each example, x̂ = mean + (x − mean)·CᵀC; both arrays are overwritten by the next. */
function eachReconstruction(
  { mean, components }: Pca,
  x: View<AnyNumbers>,
  use: (i: number, row: Float64Array, reconstruction: Float64Array) => void,
): void {
  const [k, d] = components.shape;
  if (x.shape[1] !== d) {
    throw new InputError(`PCA: the data has ${x.shape[1]} columns, it was fitted for ${d}: give data of that width`);
  }
  const { unit = 1 } = x;
  const row = new Float64Array(d);
  const centred = new Float64Array(d);
  const codes = new Float64Array(k);
  const reconstruction = new Float64Array(d);
  for (let i = 0; i < x.shape[0]; i++) {
    const p = x.offset + i * x.stride[0];
    for (let j = 0; j < d; j++) row[j] = numberAt(x.data, p + j * x.stride[1]) / unit;
    for (let j = 0; j < d; j++) centred[j] = row[j] - mean.data[j];
    codes.fill(0);
    dotRows(codes, 0, centred, 0, components.data, 0, k, d);
    reconstruction.set(mean.data);
    for (let c = 0; c < k; c++) {
      for (let j = 0; j < d; j++) reconstruction[j] += codes[c] * components.data[c * d + j];
    }
    use(i, row, reconstruction);
  }
}

/** x̂ = mean + (x − mean)·CᵀC, (m, d), C the components. Throws InputError on other widths. */
export function pcaReconstruct(pca: Pca, x: View<AnyNumbers>): Matrix<Float64Array> {
  const [m, d] = x.shape;
  const out = new Float64Array(m * d);
  eachReconstruction(pca, x, (i, _, reconstruction) => out.set(reconstruction, i * d));
  return matrix(out, m, d);
}

/**
 * (1/m) Σ ‖x − x̂‖², without ½: summed over coordinates, mean over examples. On the data it was fitted to, the sum of the
 * variances that were left out. Throws InputError on other widths.
 */
export function pcaError(pca: Pca, x: View<AnyNumbers>): number {
  let sum = 0;
  eachReconstruction(pca, x, (_, row, reconstruction) => {
    let squares = 0;
    for (let j = 0; j < row.length; j++) squares += (row[j] - reconstruction[j]) ** 2;
    sum += squares;
  });
  return sum / x.shape[0];
}
