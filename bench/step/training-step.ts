import { announce, type Context, effortOf } from '../context.ts';
import { measure } from '../harness/measure.ts';
import { digits, duration, durations, type Report } from '../harness/report.ts';
import { jaxSteps } from './jax.ts';
import { ourSteps } from './ours.ts';
import { assertOutcome, CHECKED } from './outcome.ts';
import { createProblem, type StepSubject } from './problem.ts';
import { pytorchSteps } from './pytorch.ts';
import { SETTINGS, type Setting, SMOKE_SETTINGS } from './settings.ts';
import { tensorFlowSteps } from './tensorflow.ts';

async function benchSetting(setting: Setting, context: Context) {
  announce(`training-step ${setting.name}, batch ${setting.batch}`);
  const threads = context.threads ?? 2;
  const { tensorFlow, tensorFlowBackends, jax } = context.peers;
  const problem = await createProblem(setting);
  const list: StepSubject[] = await ourSteps(problem, threads);
  const torch = await context.python('pytorch', threads);
  if (torch !== null) list.push(await pytorchSteps(torch, problem, threads));
  if (tensorFlow !== null && tensorFlowBackends.includes('wasm')) list.push(await tensorFlowSteps(tensorFlow, problem));
  if (jax !== null) list.push(await jaxSteps(jax, problem));
  for (const { subject, outcome, costTolerance } of list) {
    const name = `${setting.name}, ${subject.name}`;
    assertOutcome(name, outcome, problem.reference, problem.start, setting.objective, costTolerance);
  }
  const timings = await measure(
    list.map(({ subject }) => subject),
    effortOf(context),
  );
  for (const each of list) await each.end?.();
  const network = `${setting.inputs}-${setting.hidden}-${setting.inputs}`;
  const overPyTorch = timings.find(({ name }) => name.startsWith('PyTorch'))?.median ?? null;
  return timings.map((timing) => {
    const { name, median, low, high } = timing;
    const ofPyTorch = overPyTorch === null ? null : median / overPyTorch;
    const overOurs = median / timings[0].median;
    return {
      row: [
        ...[setting.name, network, String(setting.batch), name, duration(median), durations(low, high)],
        ...[ofPyTorch === null ? '–' : `${digits(ofPyTorch)}×`, `${digits(overOurs)}×`],
      ],
      record: { objective: setting.name, network, batch: setting.batch, ...timing, ofPyTorch, overOurs },
    };
  });
}

/** Whole training steps: cost, gradient and update, one batch after the other. */
export async function benchTrainingStep(context: Context): Promise<Report> {
  const lines: Awaited<ReturnType<typeof benchSetting>> = [];
  for (const setting of context.smoke ? SMOKE_SETTINGS : SETTINGS)
    lines.push(...(await benchSetting(setting, context)));
  return {
    title: 'Training steps, momentum SGD, float32',
    checked: CHECKED,
    columns: ['objective', 'network', 'batch', 'who', 'a step', 'quartiles', "over PyTorch's", "over rhohat's"],
    rows: lines.map(({ row }) => row),
    records: lines.map(({ record }) => record),
    notes: [
      'ours is an epoch of the public `fit` over its number of steps, drawing and gathering of batches included; the peers step over batches that lie ready',
      'KL: sigmoid units, squared error, ρ = 0.1, β = 3, λ = 1e-4, separate decoder; k-sparse: tied linear units, on noise of mean 0, so that examples choose different units',
      'threads that wait for each other suffer most from a busy machine: compare the load average above with the cores',
    ],
  };
}
