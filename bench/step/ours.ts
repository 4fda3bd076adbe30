import { type Autoencoder, fit } from '../../src/index.ts';
import { benchModel, nameOf } from '../subjects.ts';
import { firstSteps } from './outcome.ts';
import type { Problem, StepSubject } from './problem.ts';
import { configOf, fitOptions } from './settings.ts';

/** A whole epoch through the public `fit`, what a user gets, divided by its steps. */
async function subjectOf(model: Autoencoder, { setting, x }: Problem): Promise<StepSubject> {
  const outcome = await firstSteps(model, x, setting);
  const options = fitOptions(setting, 1);
  return {
    subject: {
      name: nameOf(model.engine.kernels),
      units: setting.batches,
      isAsync: true,
      run: () => fit(model, x, options),
    },
    outcome,
    end: () => model.dispose(),
  };
}

/** Our model on default kernels, and on deterministic ones where they differ. */
export async function ourSteps(problem: Problem, threads: number): Promise<StepSubject[]> {
  const list: StepSubject[] = [];
  const seen = new Set<string>();
  for (const deterministic of [false, true]) {
    const model = await benchModel(configOf(problem.setting, 'float32'), { threads, deterministic });
    const name = nameOf(model.engine.kernels);
    if (seen.has(name)) model.dispose();
    else list.push(await subjectOf(model, problem));
    seen.add(name);
  }
  return list;
}
