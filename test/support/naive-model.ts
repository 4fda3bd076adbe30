import type { View } from '../../src/array/matrix.ts';
import type { Parameters } from '../../src/model/parameter-access.ts';
import type { BuiltIn } from './activations.ts';
import { overNumbers } from './views.ts';

const formulas: Record<BuiltIn, (z: number) => number> = {
  sigmoid: (z) => 1 / (1 + Math.exp(-z)),
  tanh: Math.tanh,
  relu: (z) => Math.max(z, 0),
  softplus: (z) => Math.log(1 + Math.exp(z)),
  linear: (z) => z,
};

export type Rows = readonly (readonly number[])[];

/** Rows of a matrix as nested arrays. */
export function rowsOf(x: View): number[][] {
  const { data, shape, stride, offset } = overNumbers(x);
  const [rows, columns] = shape;
  return Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (_value, j) => data[offset + i * stride[0] + j * stride[1]]),
  );
}

/** f(X·Wᵀ + b), a sum at a time. */
export function naiveEncode(p: Parameters, x: Rows, f: BuiltIn, name = 'encoder'): number[][] {
  const weight = p[`${name}.weight`];
  const bias = p[`${name}.bias`];
  return x.map((row) =>
    Array.from({ length: weight.shape[0] }, (_, j) =>
      formulas[f](row.reduce((sum, value, i) => sum + value * weight.get(j, i), bias.get(j))),
    ),
  );
}

/** g(A·D + c); `weights` names D, the encoder's where they are tied. */
export function naiveDecode(p: Parameters, a: Rows, g: BuiltIn, name = 'decoder', weights = name): number[][] {
  const weight = p[`${weights}.weight`];
  const bias = p[`${name}.bias`];
  return a.map((row) =>
    Array.from({ length: weight.shape[1] }, (_, i) =>
      formulas[g](row.reduce((sum, value, j) => sum + value * weight.get(j, i), bias.get(i))),
    ),
  );
}
