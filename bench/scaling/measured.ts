import { matrixView } from '../../src/array/matrix.ts';
import { type AutoencoderConfig, type FitOptions, fit } from '../../src/index.ts';
import { announce } from '../context.ts';
import * as dictionary from '../dictionary/settings.ts';
import { calmly } from '../harness/calm.ts';
import { measure, type Timing } from '../harness/measure.ts';
import { duration, durations, type Report } from '../harness/report.ts';
import * as step from '../step/settings.ts';
import { benchKernels, benchModel } from '../subjects.ts';
import type { Timed, Work } from './compute.ts';
import { MEASURED, nameOf, SMOKE_MEASURED } from './works.ts';

/** Of the row that is no step: how long it takes to add what has arrived. */
const ADDING = 'a sum of two vectors, 2²⁴ float32';
const ADDED = 2 ** 24;
/** A call takes so many rows times latents at least: small batches are many steps. */
const CALL = 2 ** 20;

interface Task {
  readonly config: AutoencoderConfig;
  readonly options: FitOptions;
  readonly x: ReturnType<typeof step.dataOf>;
  readonly steps: number;
}

/** What `fit` is given: the objectives, data and optimizers of the other benchmarks. */
function taskOf({ kind, inputs, hidden, k, batch }: Work): Task {
  const steps = Math.max(2, Math.ceil(CALL / batch / hidden));
  const size = { name: '', inputs, hidden, k, batch, batches: steps };
  if (kind === 'kl') {
    const setting = { ...size, objective: step.kl };
    return {
      config: step.configOf(setting, 'float32'),
      options: step.fitOptions(setting, 1),
      x: step.dataOf(setting),
      steps,
    };
  }
  const setting = { ...size, tied: false, held: false, auxiliaryK: 0 };
  return {
    config: dictionary.configOf(setting),
    options: dictionary.fitOptions(setting, 1),
    x: dictionary.dataOf(setting),
    steps,
  };
}

const EFFORT = { rounds: 3, roundTime: 300 };

async function timeOf(work: Work, threads: number, calm: number | null): Promise<Timing> {
  announce(nameOf(work));
  const { config, options, x, steps } = taskOf(work);
  const model = await benchModel(config, { threads });
  const { history } = await fit(model, x, options);
  if (!history.every(({ cost }) => Number.isFinite(cost))) throw new Error(`${nameOf(work)}: a cost is not finite`);
  const run = () => fit(model, x, options);
  const subject = { name: nameOf(work), units: steps, isAsync: true, run };
  const [timing] = await calmly(calm, () => measure([subject], EFFORT));
  model.dispose();
  return timing;
}

async function timeOfAdding(): Promise<Timing> {
  const k = benchKernels('float32', { threads: 1 });
  const [a, b] = [0, 1].map(() => matrixView(k.allocate(ADDED), 1, ADDED));
  const [timing] = await measure([{ name: ADDING, run: () => k.axpy(a, 1, b) }], EFFORT);
  k.dispose();
  return timing;
}

/** The time of a step by its rows and latents, on this machine; whose names have the text. */
export async function measureSteps(
  threads: number,
  smoke: boolean,
  only: string | null,
  calm: number | null,
): Promise<Report> {
  const rows: string[][] = [];
  const records: Record<string, unknown>[] = [];
  const add = (name: string, timing: Timing, more: object) => {
    rows.push([name, duration(timing.median), durations(timing.low, timing.high)]);
    records.push({ row: name, ...timing, ...more });
  };
  const wanted = (name: string) => only === null || name.includes(only);
  for (const work of smoke ? SMOKE_MEASURED : MEASURED) {
    if (wanted(nameOf(work))) add(nameOf(work), await timeOf(work, threads, calm), { work });
  }
  if (wanted(ADDING)) add(ADDING, await timeOfAdding(), { bytes: 4 * ADDED });
  return {
    title: 'The time of a step by rows and latents',
    checked: 'costs are finite; that they are right is checked by steps',
    columns: ['a step', 'median', 'quartiles'],
    rows,
    records,
    notes: [`${threads} threads, float32; KL by SGD with momentum, TopK of 32 by Adam; the sum on one thread`],
  };
}

/** What the simulation takes from such a report: the steps, and γ, seconds a byte. @throws Error where a part is missing */
export function readMeasured({ records }: Pick<Report, 'records'>): { timed: readonly Timed[]; adding: number } {
  const timed = records.flatMap((record): Timed[] => {
    const { work, median } = record as { work?: Work; median: number };
    return work === undefined ? [] : [{ ...work, seconds: median / 1000 }];
  });
  const sum = records.find(({ bytes }) => bytes !== undefined) as { bytes: number; median: number } | undefined;
  if (sum === undefined || timed.length === 0) throw new Error('run npm run bench:machines -- measure first');
  return { timed, adding: sum.median / 1000 / sum.bytes };
}
