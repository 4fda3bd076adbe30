import { type Matrix, matrix } from '../../src/array/matrix.ts';
import { createKernels } from '../../src/kernels/create.ts';
import type { CpuKernels, Kernels } from '../../src/kernels/kernels.ts';
import { Engine } from '../../src/model/engine.ts';
import { createLayout, namedArrays } from '../../src/model/parameters.ts';
import type { NetworkSpec } from '../../src/model/spec.ts';
import { checkGradientOf } from '../../src/proof/gradient-check.ts';
import { uniforms } from './views.ts';

/** What may be planted in kernels. */
export type Plant = (k: CpuKernels) => Kernels;
export const honest: Plant = (k) => k;

/** A float64 engine at a random point, biases not 0, on m random examples in [0.1, 0.9]; `plant` may change its kernels. */
export function randomEngine(spec: NetworkSpec, m = 7, plant = honest, seed = 5) {
  const { length } = createLayout(spec.parameters);
  const theta = uniforms(length, seed);
  const engine = new Engine(plant(createKernels('float64')), spec, theta);
  const x = matrix(uniforms(m * spec.inputs, seed + 1, 0.1, 0.9), m, spec.inputs);
  return { engine, theta, x, parameters: namedArrays(engine.layout, theta.slice()) };
}

/** One-hot rows of the labels 0, 1, … in turn. */
export function labelsInTurn(m: number, classes: number): Matrix {
  const rows = matrix(new Float64Array(m * classes), m, classes);
  for (let i = 0; i < m; i++) rows.set(i, i % classes, 1);
  return rows;
}

/** ‖n − a‖/‖n + a‖ of the gradient check at the random point; classifiers have three classes. */
export async function gradientError(spec: NetworkSpec, plant = honest): Promise<number> {
  const { engine, theta, x } = randomEngine(spec, 7, plant);
  const labels = spec.dataTerm === 'classification' ? labelsInTurn(7, 3) : undefined;
  const check = await checkGradientOf((t) => {
    engine.kernels.write(engine.theta, t);
    return engine.costAndGradient(x, labels);
  }, theta);
  return check.normRelativeError;
}
