import { type Matrix, rowRange } from '../../src/array/matrix.ts';
import { Autoencoder, type AutoencoderConfig, type FitOptions, fit } from '../../src/index.ts';
import type { Python } from '../beside/python.ts';
import { pytorchDictionary, STEPS } from '../dictionary/costs.ts';
import * as dictionary from '../dictionary/settings.ts';
import type { Timing } from '../harness/measure.ts';
import { timing } from '../harness/measure.ts';
import { createProblem } from '../step/problem.ts';
import { pytorchSteps } from '../step/pytorch.ts';
import * as step from '../step/settings.ts';
import { REPEAT } from './repeat.ts';

/** Of costs of the first steps, relative: float32 everywhere, and rounding may choose another survivor. */
const TOLERANCE = 1e-4;

/** A step that is timed. `epochs`: samples, one pass over all batches each. */
export type Row = { readonly epochs: number } & (
  | { readonly kind: 'step'; readonly setting: step.Setting }
  | { readonly kind: 'dictionary'; readonly setting: dictionary.Setting }
);

const topK = { inputs: 768, k: 32, tied: false, held: false, auxiliaryK: 0, batch: 4096, batches: 6 };

export const ROWS: readonly Row[] = [
  { kind: 'step', epochs: 12, setting: { ...step.SETTINGS[0], batches: 100 } },
  { kind: 'step', epochs: 12, setting: { ...step.SETTINGS[2], batches: 20 } },
  { kind: 'dictionary', epochs: 8, setting: { ...topK, hidden: 16_384, name: 'TopK' } },
  { kind: 'dictionary', epochs: 6, setting: { ...topK, hidden: 65_536, name: 'TopK' } },
];
export const QUICK_ROWS: readonly Row[] = [
  { kind: 'step', epochs: 2, setting: step.SMOKE_SETTINGS[0] },
  { kind: 'dictionary', epochs: 2, setting: dictionary.SMOKE_SETTINGS[0] },
];

export interface StepRow extends Timing {
  readonly who: string;
  readonly examplesPerSecond: number;
  readonly costs: readonly number[];
}

export interface StepOptions {
  readonly torch: Python | null;
  /** Whether the processor takes steps too; without it costs are checked by PyTorch alone. */
  readonly cpu: boolean;
}

export function nameOf({ setting }: Row): string {
  const { name, inputs, hidden, batch } = setting;
  return `${name}, ${inputs}-${hidden}, batch ${batch}`;
}

/** Steps on the GPU, on this machine's processor and in PyTorch; the costs of the first ones must be the same. */
export async function benchSteps(row: Row, { torch, cpu }: StepOptions): Promise<StepRow[]> {
  const { setting, epochs } = row;
  const { batch, batches } = setting;
  const [x, config, optionsOf] =
    row.kind === 'step'
      ? [step.dataOf(row.setting), step.configOf(row.setting, 'float32'), optionsOfStep(row.setting)]
      : [dictionary.dataOf(row.setting), dictionary.configOf(row.setting), optionsOfDictionary(row.setting)];
  const rows: StepRow[] = [];
  const add = (who: string, samples: readonly number[], costs: readonly number[]) => {
    const known = rows.find((other) => other.costs.length > 0);
    if (known !== undefined) assertCosts(`${who}, ${nameOf(row)}`, costs, known);
    const one = timing(nameOf(row), samples);
    rows.push({ ...one, who, costs, examplesPerSecond: (1000 * batch) / one.median });
  };
  const ours = async (kernels: 'cpu' | 'webgpu') => {
    const model = await Autoencoder.create(config as AutoencoderConfig, { kernels });
    const first = await timed(model, rowRange(x, 0, batch), optionsOf(STEPS));
    // A step of the processor is long: those that were checked are enough.
    const isLong = kernels === 'cpu' && Math.min(...first.epochs) > 1000;
    const samples = isLong ? first.epochs : (await timed(model, x, optionsOf(epochs + 1))).epochs;
    const { name, threads } = model.engine.kernels;
    model.dispose();
    const who = kernels === 'cpu' ? `rhohat ${name}, ${threads} threads` : `rhohat ${name}`;
    add(
      who,
      samples.map((ms) => ms / (isLong ? 1 : batches)),
      first.costs,
    );
  };
  await ours('webgpu');
  if (cpu) await ours('cpu');
  if (torch !== null) {
    for (const { way, id, costs } of await torchOf(row, torch, x)) {
      const ms = await torch.subject(way, id).samples(500, 2500);
      add(
        `PyTorch, ${way}`,
        ms.map((each) => each / REPEAT),
        costs,
      );
      await torch.forget(id);
    }
  }
  return rows;
}

const optionsOfStep = (setting: step.Setting) => (epochs: number) => step.fitOptions(setting, epochs);
const optionsOfDictionary = (setting: dictionary.Setting) => (epochs: number) => dictionary.fitOptions(setting, epochs);

/** Costs and milliseconds of each epoch but the first, in which kernels are compiled and the data sent. */
async function timed(model: Autoencoder, x: Matrix, options: FitOptions) {
  const costs: number[] = [];
  const stamps: number[] = [];
  await fit(model, x, {
    ...options,
    onEpoch({ cost }) {
      costs.push(cost);
      stamps.push(performance.now());
    },
  });
  return { costs, epochs: stamps.slice(1).map((stamp, i) => stamp - stamps[i]) };
}

/** PyTorch's steps, prepared: of a dictionary dense, and by rows that are gathered. */
async function torchOf(row: Row, torch: Python, x: Matrix<Float32Array>) {
  if (row.kind === 'step') {
    const problem = await createProblem({ ...row.setting, batches: Math.min(2, row.setting.batches) });
    const { id, outcome } = await pytorchSteps(torch, problem, 1);
    return [{ way: 'eager', id, costs: Array.from(outcome.costs) }];
  }
  const { setting } = row;
  const model = await Autoencoder.create(dictionary.configOf(setting), { threads: 1 });
  const start = await model.parameters();
  model.dispose();
  const list = [];
  for (const gathered of [false, true]) {
    const { id, costs } = await pytorchDictionary(torch, setting, x, start, gathered);
    list.push({ way: gathered ? 'gathered rows' : 'dense', id, costs: Array.from(costs) });
  }
  return list;
}

/** @throws Error unless the costs are the same: nothing is told then. */
function assertCosts(who: string, costs: readonly number[], known: StepRow): void {
  for (let i = 0; i < STEPS; i++) {
    if (!(Math.abs(costs[i] - known.costs[i]) <= TOLERANCE * Math.abs(known.costs[i])))
      throw new Error(`${who}: step ${i + 1} has cost ${costs[i]}, that of ${known.who} ${known.costs[i]}`);
  }
}
