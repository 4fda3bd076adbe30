import { type AnyNumbers, isFiniteIn, type Matrix, toFlat, type Vector, type View } from '../array/matrix.ts';
import { isNumbers } from '../array/view-check.ts';
import { InputError } from '../errors.ts';
import { show } from '../validate.ts';
import type { Engine } from './engine.ts';
import { namedArrays, type Parameter, parameterView } from './parameters.ts';

/** Weights and biases by name, such as 'encoder.weight' (h, d) and 'encoder.bias' (h). */
export type Parameters = Record<string, Matrix | Vector>;

/** A copy of every parameter, views of one flat array. */
export async function copyParameters({ kernels, layout, theta }: Engine): Promise<Parameters> {
  return namedArrays(layout, await kernels.copyOut(theta));
}

/**
 * Sets any subset of the parameters.
 * @throws InputError for an unknown name, a wrong shape or a value that is not finite; then nothing is changed.
 */
export function setParameters(engine: Engine, values: Readonly<Record<string, View<AnyNumbers>>>): void {
  engine.assertIdle('setParameters was called');
  engine.assertQuiet('setParameters was called');
  engine.fresh = false;
  writeParameters(engine, values);
}

/** Sets any of what is kept beside θ. @throws InputError; then nothing is changed. */
export function setState(engine: Engine, values: Readonly<Record<string, View<AnyNumbers>>>): void {
  engine.assertIdle('setState was called');
  engine.assertQuiet('setState was called');
  engine.state.write(values);
}

/** The same when it is known that nothing else uses θ. */
export function writeParameters(engine: Engine, values: Readonly<Record<string, View<AnyNumbers>>>): void {
  const { kernels, layout, theta } = engine;
  if ({}.toString.call(values) !== '[object Object]') {
    throw new InputError(`parameters is ${show(values)}: it must be an object like await model.parameters()`);
  }
  const checked: [parameter: Parameter, numbers: Float64Array][] = [];
  for (const [name, value] of Object.entries(values)) {
    const parameter = layout.parameters.find((p) => p.name === name);
    if (parameter === undefined) {
      const names = layout.parameters.map((p) => p.name).join(', ');
      throw new InputError(`parameter ${show(name)} is unknown: this model has ${names}`);
    }
    const { shape = [] } = value ?? {};
    if (shape.length !== parameter.shape.length || shape.some((n, i) => n !== parameter.shape[i])) {
      throw new InputError(
        `parameter ${show(name)} has shape (${shape.join(', ')}): it must be (${parameter.shape.join(', ')})`,
      );
    }
    if (!isNumbers(value.data) || !Array.isArray(value.stride)) {
      throw new InputError(
        `parameter ${show(name)} has data ${show(value.data)}: it must be an ndarray over a typed array of numbers, such as a Float32Array`,
      );
    }
    const numbers = toFlat(value, new Float64Array(parameter.length));
    let bad = 0; // no findIndex: of a million numbers its calls are most of what loading takes
    while (bad < numbers.length && isFiniteIn(kernels.precision, numbers[bad])) bad++;
    if (bad < numbers.length) {
      throw new InputError(
        `parameter ${show(name)} holds ${numbers[bad]} at index ${bad}: every value must be a finite ${kernels.precision} number`,
      );
    }
    checked.push([parameter, numbers]);
  }
  for (const [parameter, numbers] of checked) kernels.write(parameterView(theta.data, parameter), numbers);
}
