import {
  type Block,
  type Matrix,
  matrix,
  matrixView,
  type Numbers,
  scalar,
  type Vector,
  type View,
  vector,
  vectorView,
} from '../array/matrix.ts';
import { InputError } from '../errors.ts';
import type { TensorSpec } from '../layers/layer.ts';

/** One named tensor of the flat parameter vector θ. */
export interface Parameter extends Pick<TensorSpec, 'name' | 'shape' | 'initial'> {
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
export function createLayout(specs: readonly Omit<TensorSpec, 'role'>[]): Layout {
  let offset = 0;
  const parameters = specs.map(({ name, shape, initial }) => {
    const length = shape.reduce((product, n) => product * n, 1);
    const parameter = { name, shape, offset, length, ...(initial === undefined ? {} : { initial }) };
    offset += length;
    return parameter;
  });
  if (offset <= LIMIT_PARAMETERS) return { parameters, length: offset };
  const gigabytes = ((4 * TRAINING * offset) / 2 ** 30).toPrecision(3);
  throw new InputError(
    `the model would have ${offset} parameters, and training it takes at least ${gigabytes} GiB in float32: at most 2^28 are allowed; make its layers smaller, or share its latents among processes (--shard latents)`,
  );
}

/** Every parameter of a flat array as an ndarray over it, by name. */
export function namedArrays<D extends Numbers>(layout: Layout, flat: D): Record<string, Matrix<D> | Vector<D>> {
  return Object.fromEntries(
    layout.parameters.map(({ name, shape, offset, length }) => [
      name,
      shape.length === 2
        ? matrix(flat, shape[0], shape[1], offset)
        : shape.length === 1
          ? vector(flat, length, offset)
          : scalar(flat, offset),
    ]),
  );
}

/** The same of θ, its gradient and whatever has their layout, in a block of any kind. */
export function namedViews(layout: Layout, flat: Block): Record<string, View> {
  return Object.fromEntries(layout.parameters.map((parameter) => [parameter.name, parameterView(flat, parameter)]));
}

/** One parameter in a block of θ's layout. */
export function parameterView(flat: Block, { shape, offset, length }: Parameter): View {
  return shape.length === 2 ? matrixView(flat, shape[0], shape[1], offset) : vectorView(flat, length, offset);
}
