import type { Matrix } from '../../src/array/matrix.ts';
import { type Autoencoder, fit } from '../../src/index.ts';
import type { Called } from '../harness/measure.ts';
import { benchModel, nameOf, type Runtime } from '../subjects.ts';
import { firstSteps, type Outcome } from './outcome.ts';
import type { Problem, StepSubject } from './problem.ts';
import { configOf, fitOptions, type Setting } from './settings.ts';

/** Our model after its first steps, and a whole epoch through the public `fit`, what a user gets, divided by its steps. */
export async function ourStep(
  setting: Setting,
  x: Matrix,
  runtime: Runtime,
): Promise<{ model: Autoencoder; subject: Called; outcome: Outcome }> {
  const model = await benchModel(configOf(setting, 'float32'), runtime);
  const outcome = await firstSteps(model, x, setting);
  const options = fitOptions(setting, 1);
  const run = () => fit(model, x, options);
  return {
    model,
    subject: { name: nameOf(model.engine.kernels), units: setting.batches, isAsync: true, run },
    outcome,
  };
}

/** Our model on default kernels, and on deterministic ones where they differ. */
export async function ourSteps({ setting, x }: Problem, threads: number): Promise<StepSubject[]> {
  const list: StepSubject[] = [];
  const seen = new Set<string>();
  for (const deterministic of [false, true]) {
    const { model, ...rest } = await ourStep(setting, x, { threads, deterministic });
    if (seen.has(rest.subject.name)) model.dispose();
    else list.push({ ...rest, end: () => model.dispose() });
    seen.add(rest.subject.name);
  }
  return list;
}
