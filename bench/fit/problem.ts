import { type Matrix, matrix, toFlat } from '../../src/array/matrix.ts';
import { fillUniform, stream } from '../../src/array/random.ts';
import { prepare } from '../../src/data/index.ts';
import type { AutoencoderConfig, FitOptions } from '../../src/index.ts';
import { loadExamples } from '../../src/node/index.ts';
import { presets } from '../../src/training/presets.ts';

/** The CS294A preset's problem, or a small one of its kind. */
export interface FitProblem {
  readonly x: Matrix;
  readonly where: string;
  readonly config: AutoencoderConfig;
  readonly options: FitOptions;
  /** What Python minimises. */
  readonly objective: Readonly<Record<string, number>>;
}

const { data, model, fit: fitOptions } = presets.cs294a;

/** Natural images where RHOHAT_DATA has them, and generated ones elsewhere. */
async function patches(): Promise<{ x: Matrix; where: string }> {
  const source = process.env.RHOHAT_DATA ? 'natural-images' : 'dead-leaves';
  const { x } = prepare(await loadExamples(source), data, 'float32');
  return {
    x: matrix(toFlat(x, new Float32Array(x.shape[0] * x.shape[1])), x.shape[0], x.shape[1]),
    where: `${x.shape[0]} patches of ${source}`,
  };
}

function randomPatches(): { x: Matrix; where: string } {
  const [m, d] = [50, 16];
  const values = fillUniform(new Float32Array(m * d), { seed: 1, stream: stream.testing }, 0.1, 0.9);
  return { x: matrix(values, m, d), where: `${m} random rows` };
}

export async function fitProblem(smoke: boolean): Promise<FitProblem> {
  const { x, where } = smoke ? randomPatches() : await patches();
  const { optimizer } = fitOptions;
  const { hidden, sparsity, weightDecay = 0 } = model;
  if (optimizer?.kind !== 'lbfgs' || typeof hidden !== 'number') throw new Error('the preset has changed');
  if (sparsity === null || sparsity === undefined || !('target' in sparsity)) throw new Error('the preset has changed');
  const iterations = smoke ? 5 : optimizer.iterations;
  const { target, weight } = sparsity;
  return {
    ...{ x, where },
    config: { ...model, inputs: x.shape[1], precision: 'float32', seed: 1 },
    options: { optimizer: { ...optimizer, iterations } },
    objective: { hidden, target, weight, weightDecay, iterations },
  };
}
