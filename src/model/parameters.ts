import { type Matrix, matrix, type Numbers, type Vector, vector } from '../array/matrix.ts';
import { InputError } from '../errors.ts';
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

/** Training takes at least four times θ: its gradient, the optimizer's state, and the θ before. */
const TRAINING = 4;
const LIMIT_PARAMETERS = 2 ** 30 / TRAINING; // what a WebAssembly memory of 4 GiB holds

/** The parameters one after the other, row-major. Throws InputError where they are more than any machine trains. */
export function createLayout(specs: readonly ParameterSpec[]): Layout {
  let offset = 0;
  const parameters = specs.map(({ name, shape }) => {
    const length = shape.reduce((product, n) => product * n, 1);
    const parameter = { name, shape, offset, length };
    offset += length;
    return parameter;
  });
  if (offset <= LIMIT_PARAMETERS) return { parameters, length: offset };
  const gigabytes = ((4 * TRAINING * offset) / 2 ** 30).toPrecision(3);
  throw new InputError(
    `the model would have ${offset} parameters, and training it takes at least ${gigabytes} GiB in float32: at most 2^28 are allowed; make its layers smaller`,
  );
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
