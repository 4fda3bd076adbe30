import { fit } from '../../src/index.ts';
import { announce, type Context } from '../context.ts';
import { digits, duration, type Report } from '../harness/report.ts';
import { benchModel, nameOf } from '../subjects.ts';
import { kernelTimes } from './kernel-times.ts';
import { type Profiled, problems } from './problems.ts';

/** A kernel below this share of a step is no row of its own. */
const LEAST_SHARE = 0.01;

/** Before anything counts, so that V8 has compiled the kernels, and the tiles have been compared. */
const WARMUP_MS = 3500;
const MEASURED_MS = 1500;

async function profile(problem: Profiled, { threads, smoke }: Context) {
  const { name, network, batch, x, config, options } = problem;
  announce(`profile ${name}, batch ${batch}`);
  const model = await benchModel(config, { threads: threads ?? 2 });
  const start = await model.parameters();
  let steps = 0;
  const prepare = () => model.setParameters(start);
  const run = async () => {
    ({ steps } = await fit(model, x, options));
  };
  const end = performance.now() + (smoke ? 1 : WARMUP_MS);
  while (performance.now() < end) {
    prepare();
    await run();
  }
  const { kernels, outside } = await kernelTimes(prepare, run, smoke ? 0 : MEASURED_MS);
  const who = nameOf(model.engine.kernels);
  model.dispose();
  const total = kernels.reduce((sum, { time }) => sum + time, outside);
  const large = kernels.filter(({ time }) => time >= LEAST_SHARE * total);
  const small = kernels.filter((each) => !large.includes(each));
  const parts = [
    { kernel: 'a step', calls: kernels.reduce((sum, { calls }) => sum + calls, 0), time: total },
    ...large,
    {
      kernel: `${small.length} other kernels`,
      calls: small.reduce((sum, { calls }) => sum + calls, 0),
      time: small.reduce((sum, { time }) => sum + time, 0),
    },
    { kernel: 'outside of kernels', calls: 0, time: outside },
  ];
  return parts.map(({ kernel, calls, time }) => ({
    row: [
      ...[name, network, String(batch), who, kernel, digits(calls / steps), duration(time / steps)],
      `${digits((100 * time) / total)}%`,
    ],
    record: { name, network, batch, who, kernel, calls: calls / steps, time: time / steps, share: time / total },
  }));
}

/** Where the time of a training step goes, kernel by kernel. */
export async function benchProfile(context: Context): Promise<Report> {
  const lines: Awaited<ReturnType<typeof profile>> = [];
  for (const create of problems(context.smoke)) lines.push(...(await profile(create(), context)));
  return {
    title: 'A training step, kernel by kernel',
    checked: 'nothing: `training-step` checks what is computed',
    columns: ['objective', 'network', 'batch', 'who', 'kernel', 'calls a step', 'time a step', 'share'],
    rows: lines.map(({ row }) => row),
    records: lines.map(({ record }) => record),
    notes: [
      'a call is timed on the calling thread, the wait for the other threads included, and counts with the median of its like; the sums of medians are what a step would take on an idle machine',
      'L-BFGS: a step is an iteration, its evaluations of the line search included; the first of a run takes one more',
    ],
  };
}
