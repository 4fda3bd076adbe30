import { type Matrix, toFlat } from '../../src/array/matrix.ts';
import type { Subject } from '../harness/measure.ts';
import { benchModel } from '../subjects.ts';
import { firstSteps, type Outcome, thetaOf } from './outcome.ts';
import { configOf, dataOf, type Setting } from './settings.ts';

/** A starting parameter: weights (h, d), or a bias. */
export interface Start {
  readonly name: string;
  readonly values: Float32Array;
  readonly shape: readonly number[];
}

/** One setting with its data, where θ starts, and what the first steps must do. */
export interface Problem {
  readonly setting: Setting;
  readonly x: Matrix<Float32Array>;
  readonly parameters: readonly Start[];
  readonly start: readonly number[];
  readonly reference: Outcome;
}

/** A way to take steps: its first ones, and steps to time. */
export interface StepSubject {
  readonly subject: Subject;
  readonly outcome: Outcome;
  /** A wider bound of its costs' relative errors, where its own arithmetic needs one. */
  readonly costTolerance?: number;
  /** Untimed, after the last round. */
  end?(): unknown;
}

export async function createProblem(setting: Setting): Promise<Problem> {
  const x = dataOf(setting);
  const single = await benchModel(configOf(setting, 'float32'), { threads: 1 });
  const initial = await single.parameters();
  const parameters = Object.entries(initial).map(([name, p]) => ({
    name,
    values: Float32Array.from(toFlat(p)),
    shape: p.shape,
  }));
  const double = await benchModel(configOf(setting, 'float64'), { threads: 1, kind: 'reference' });
  double.setParameters(initial); // the same start, rounded to float32, for all
  const start = await thetaOf(double);
  const reference = await firstSteps(double, x, setting);
  single.dispose();
  double.dispose();
  return { setting, x, parameters, start, reference };
}
