import { Matrix as Dense, SingularValueDecomposition } from 'ml-matrix';
import { type Matrix, toFlat } from '../../array/matrix.ts';
import { InputError } from '../../errors.ts';
import { refuseNonFinite } from '../finite.ts';

/** An orthonormal basis of the space that the rows span, as columns: (d, k). */
function basis(rows: Matrix, name: string): Dense {
  const [k, d] = rows.shape;
  if (rows.shape.length !== 2 || k < 1 || k > d) {
    throw new InputError(
      `principal angles: ${name} has the shape (${rows.shape.join(', ')}): give 1 to d rows of d columns`,
    );
  }
  refuseNonFinite(rows, `principal angles: ${name}`);
  const svd = new SingularValueDecomposition(Dense.from1DArray(k, d, toFlat(rows)), { autoTranspose: true });
  const values = svd.diagonal;
  const rank = values.filter((value) => value > d * Number.EPSILON * values[0]).length;
  if (rank < k) {
    throw new InputError(
      `principal angles: the ${k} rows of ${name} span ${rank} dimensions: leave out rows that depend on the others`,
    );
  }
  return svd.rightSingularVectors;
}

/** Singular values of a (d, k) matrix, largest first. */
function singularValues(a: Dense): number[] {
  const options = { autoTranspose: true, computeLeftSingularVectors: false, computeRightSingularVectors: false };
  return new SingularValueDecomposition(a, options).diagonal;
}

/**
 * The angles between the spaces that the rows of a: (k, d) and of b: (l, d) span, min(k, l) of them in [0, π/2],
 * largest first: all 0 where one space holds the other. Angles to π/4 come from their sines, ‖(I − QₐQₐᵀ)q‖, larger ones
 * from their cosines, so that both keep all digits. Throws InputError on dependent rows and on other widths.
 * [Björck & Golub 1973; Knyazev & Argentati 2002, Algorithm 3.1, as scipy.linalg.subspace_angles]
 */
export function principalAngles(a: Matrix, b: Matrix): Float64Array {
  if (a.shape[1] !== b.shape[1]) {
    throw new InputError(
      `principal angles: a has ${a.shape[1]} columns and b ${b.shape[1]}: give rows of one space, equally long`,
    );
  }
  const bases = [basis(a, 'a'), basis(b, 'b')];
  const [small, large] = bases.sort((p, q) => p.columns - q.columns);
  const products = large.transpose().mmul(small);
  const cosines = singularValues(products); // of the smallest angle first
  const sines = singularValues(Dense.sub(small, large.mmul(products))).reverse();
  const angles = cosines.map((cosine, i) =>
    cosine * cosine > 0.5 ? Math.asin(Math.min(1, sines[i])) : Math.acos(Math.min(1, cosine)),
  );
  return Float64Array.from(angles.reverse());
}
