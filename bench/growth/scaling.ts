import { fit } from '../../src/index.ts';
import { announce, type Context, effortOf } from '../context.ts';
import { measure } from '../harness/measure.ts';
import { digits, duration, type Report } from '../harness/report.ts';
import { assertOutcome, firstSteps } from '../step/outcome.ts';
import { createProblem } from '../step/problem.ts';
import { configOf, fitOptions, kl, kSparse, type Setting } from '../step/settings.ts';
import { benchModel } from '../subjects.ts';

type Variable = 'm' | 'd' | 'h' | 'k';

/** Everything but the variable stays as here. */
const BASE = { inputs: 784, hidden: 1000, batch: 100 };
const SMOKE_BASE = { inputs: 8, hidden: 6, batch: 4 };
const SIZES: Readonly<Record<Variable, readonly number[]>> = {
  m: [12, 25, 50, 100, 200, 400, 800, 1600],
  d: [49, 98, 196, 392, 784, 1568, 3136],
  h: [62, 125, 250, 500, 1000, 2000, 4000],
  k: [5, 10, 20, 40, 80, 160, 320],
};
const SMOKE_SIZES: typeof SIZES = { m: [4, 8], d: [8, 16], h: [6, 12], k: [2, 4] };
/** Data of about so many numbers: as many batches as they make, within bounds. */
const NUMBERS = 2 ** 21;

function settingOf(variable: Variable, size: number, smoke: boolean): Setting {
  const base = smoke ? SMOKE_BASE : BASE;
  const inputs = variable === 'd' ? size : base.inputs;
  const hidden = variable === 'h' ? size : base.hidden;
  const batch = variable === 'm' ? size : base.batch;
  const batches = smoke ? 2 : Math.max(4, Math.min(40, Math.round(NUMBERS / (batch * inputs))));
  const objective = variable === 'k' ? kSparse(size) : kl;
  return { name: `${variable} = ${size}`, objective, inputs, hidden, batch, batches };
}

/**
 * Operations of the products in a step: five dense ones with KL; with k-sparse the encoder's and, at the survivors,
 * decoding, δ and the two weight gradients.
 */
function operations({ objective, inputs, hidden, batch }: Setting): number {
  const dense = 2 * batch * inputs * hidden;
  return objective.kind === 'kl' ? 5 * dense : dense + 4 * 2 * batch * objective.k * inputs;
}

/** One size: the time of a step, its model checked against float64 first. */
async function timeOf(setting: Setting, context: Context) {
  announce(`scaling ${setting.name}`);
  const problem = await createProblem(setting);
  const model = await benchModel(configOf(setting, 'float32'), { threads: context.threads ?? 1 });
  const outcome = await firstSteps(model, problem.x, setting);
  assertOutcome(setting.name, outcome, problem.reference, problem.start, setting.objective);
  const options = fitOptions(setting, 1);
  const run = () => fit(model, problem.x, options);
  const subject = { name: setting.name, units: setting.batches, isAsync: true, run };
  const [timing] = await measure([subject], { ...effortOf(context), rounds: context.smoke ? 1 : 3 });
  model.dispose();
  return timing;
}

/** log(b/a)/log(to/from): 1 where a doubling doubles. */
function slope(a: number, b: number, from: number, to: number): number {
  return Math.log(b / a) / Math.log(to / from);
}

/** How the time of a step grows with each size, one at a time, beside how its operations grow. */
export async function benchScaling(context: Context): Promise<Report> {
  const rows: string[][] = [];
  const records: Record<string, unknown>[] = [];
  for (const variable of ['m', 'd', 'h', 'k'] as const) {
    let before: { size: number; median: number; flops: number } | null = null;
    for (const size of (context.smoke ? SMOKE_SIZES : SIZES)[variable]) {
      const setting = settingOf(variable, size, context.smoke);
      const { median, low, high, samples } = await timeOf(setting, context);
      const flops = operations(setting);
      const grows = before && slope(before.median, median, before.size, size);
      const flopsGrow = before && slope(before.flops, flops, before.size, size);
      const gflops = flops / median / 1e6;
      const cells = [grows, flopsGrow].map((value) => (value === null ? '–' : value.toFixed(2)));
      rows.push([variable, String(size), duration(median), ...cells, digits(gflops)]);
      records.push({ variable, size, median, low, high, samples, flops, slope: grows, flopsSlope: flopsGrow, gflops });
      before = { size, median, flops };
    }
  }
  const { inputs, hidden, batch } = context.smoke ? SMOKE_BASE : BASE;
  return {
    title: 'The cost of growth: a training step, momentum SGD, float32',
    checked: 'every size as the training steps are: costs and movement of the first steps against float64',
    columns: ['variable', 'size', 'a step', 'slope of the time', 'slope of the operations', 'GFLOP/s of the products'],
    rows,
    records,
    notes: [
      `m (batch), d (inputs) and h (hidden) with KL, k (survivors) with k-sparse; the others stay at m = ${batch}, d = ${inputs}, h = ${hidden}`,
      'slope: log(time/time before)/log(size/size before); operations are those of the products alone',
    ],
  };
}
