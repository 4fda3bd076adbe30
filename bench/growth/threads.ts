import { type Context, effortOf } from '../context.ts';
import { measure } from '../harness/measure.ts';
import { digits, duration, durations, type Report } from '../harness/report.ts';
import { ourSteps } from '../step/ours.ts';
import { assertOutcome } from '../step/outcome.ts';
import { createProblem, type StepSubject } from '../step/problem.ts';
import { SETTINGS, type Setting, SMOKE_SETTINGS } from '../step/settings.ts';
import { benchKernels } from '../subjects.ts';

/** The largest step of the training steps, on one thread and on several. */
export async function benchThreads(context: Context): Promise<Report> {
  const many = context.threads ?? 2;
  const report = {
    title: `From one thread to ${many}: a training step, batch 1024, momentum SGD, float32`,
    columns: ['network', 'batch', 'who', 'a step', 'quartiles', "one thread's over it"],
  };
  const kernels = benchKernels('float32', { threads: many });
  const threads = kernels.threads;
  kernels.dispose();
  if (threads === 1) {
    const notes = [`skipped: ${many} threads were asked for, and the ${kernels.name} kernels run on one`];
    return { ...report, checked: 'nothing, as nothing was timed', rows: [], records: [], notes };
  }
  const setting: Setting = context.smoke
    ? SMOKE_SETTINGS[0]
    : (SETTINGS.find(({ batch }) => batch === 1024) ?? SETTINGS[0]);
  const problem = await createProblem(setting);
  const list: StepSubject[] = [];
  for (const count of new Set([1, many])) list.push((await ourSteps(problem, count))[0]);
  const [one] = list;
  for (const { subject, outcome } of list) {
    assertOutcome(subject.name, outcome, problem.reference, problem.start, setting.objective);
    const differs = Array.from(outcome.theta).findIndex((value, i) => !Object.is(value, one.outcome.theta[i]));
    if (differs >= 0) throw new Error(`${subject.name}: parameter ${differs} is not the same as on one thread`);
  }
  const timings = await measure(
    list.map(({ subject }) => subject),
    effortOf(context),
  );
  for (const each of list) await each.end?.();
  const network = `${setting.inputs}-${setting.hidden}-${setting.inputs}`;
  return {
    ...report,
    checked: 'the first steps against float64, as in the training steps, and every bit of θ against one thread',
    rows: timings.map(({ name, median, low, high }) => [
      ...[network, String(setting.batch), name, duration(median), durations(low, high)],
      `${digits(timings[0].median / median)}×`,
    ]),
    records: timings.map((timing) => ({
      ...{ network, batch: setting.batch, ...timing },
      speedUp: timings[0].median / timing.median,
    })),
  };
}
