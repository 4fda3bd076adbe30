import { type Matrix, matrix } from '../../src/array/matrix.ts';
import { fillUniform, stream } from '../../src/array/random.ts';
import type { AutoencoderConfig, FitOptions } from '../../src/index.ts';
import { configOf, dataOf, fitOptions, SETTINGS, SMOKE_SETTINGS } from '../step/settings.ts';

/** Training whose kernels are timed. */
export interface Profiled {
  readonly name: string;
  readonly network: string;
  /** Examples a step. */
  readonly batch: number;
  readonly x: Matrix;
  readonly config: AutoencoderConfig;
  readonly options: FitOptions;
}

/** The first layer of the stack of `npm run reproduce -- stacked`, on noise: full batches with L-BFGS. */
function fullBatch(inputs: number, hidden: number, m: number, iterations: number): Profiled {
  const values = fillUniform(new Float32Array(m * inputs), { seed: 1, stream: stream.testing }, 0, 1);
  return {
    ...{ name: 'KL, L-BFGS', network: `${inputs}-${hidden}-${inputs}`, batch: m, x: matrix(values, m, inputs) },
    config: { inputs, hidden, weightDecay: 3e-3, sparsity: { kind: 'kl', target: 0.1, weight: 3 } },
    options: { optimizer: { kind: 'lbfgs', iterations } },
  };
}

/** The settings of `training-step`, and full batches, each made when it is asked for. */
export function problems(smoke: boolean): (() => Profiled)[] {
  const steps = (smoke ? SMOKE_SETTINGS : SETTINGS).map((setting) => (): Profiled => {
    const { name, inputs, hidden, batch } = setting;
    const network = `${inputs}-${hidden}-${inputs}`;
    return {
      ...{ name, network, batch, x: dataOf(setting) },
      config: configOf(setting, 'float32'),
      options: fitOptions(setting, 1),
    };
  });
  return [...steps, () => (smoke ? fullBatch(12, 7, 30, 3) : fullBatch(784, 200, 10_000, 12))];
}
