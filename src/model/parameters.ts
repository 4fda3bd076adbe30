import { type Matrix, matrix, type Numbers, type Vector, vector } from '../array/matrix.ts';
import type { ParameterSpec } from './spec.ts';

/** One named tensor of the flat parameter vector θ. */
export interface Parameter extends ParameterSpec {
  /** Where it starts in θ. */
  readonly offset: number;
  readonly length: number;
}

/** Where every parameter sits in θ. Gradient, optimizer state and files share it. */
export interface Layout {
  readonly parameters: readonly Parameter[];
  readonly length: number;
}

/** The parameters one after the other, row-major. */
export function createLayout(specs: readonly ParameterSpec[]): Layout {
  let offset = 0;
  const parameters = specs.map(({ name, shape }) => {
    const length = shape.reduce((product, n) => product * n, 1);
    const parameter = { name, shape, offset, length };
    offset += length;
    return parameter;
  });
  return { parameters, length: offset };
}

/** Every parameter of a flat vector as an ndarray view, by name. */
export function namedViews<D extends Numbers>(layout: Layout, flat: D): Record<string, Matrix<D> | Vector<D>> {
  return Object.fromEntries(
    layout.parameters.map(({ name, shape, offset, length }) => [
      name,
      shape.length === 2 ? matrix(flat, shape[0], shape[1], offset) : vector(flat, length, offset),
    ]),
  );
}
