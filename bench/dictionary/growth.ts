import { matrixView } from '../../src/array/matrix.ts';
import { fit } from '../../src/index.ts';
import { announce, type Context, effortOf } from '../context.ts';
import { measure, type Timing } from '../harness/measure.ts';
import { digits, duration, type Report } from '../harness/report.ts';
import { benchKernels, benchModel } from '../subjects.ts';
import { configOf, dataOf, fitOptions, type Setting } from './settings.ts';

const BASE = { inputs: 768, hidden: 16_384, k: 32, batch: 256, batches: 2, tied: false, held: true, auxiliaryK: 0 };
const SMOKE_BASE = { ...BASE, inputs: 12, hidden: 32, k: 4, batch: 8 };
const SIZES = { hidden: [2048, 4096, 8192, 16_384, 32_768, 65_536], k: [8, 16, 32, 64, 128, 256] };
const SMOKE_SIZES = { hidden: [16, 32], k: [2, 4] };

/** A step of a size; its cost is finite, or nothing is timed. What a step computes is checked by dictionary-step. */
async function timeOf(setting: Setting, context: Context): Promise<Timing> {
  announce(`dictionary-growth ${setting.name}`);
  const model = await benchModel(configOf(setting), { threads: context.threads ?? 2 });
  const x = dataOf(setting);
  const { history } = await fit(model, x, fitOptions(setting, 3));
  if (!history.every(({ cost }) => Number.isFinite(cost))) throw new Error(`${setting.name}: a cost is not finite`);
  const run = () => fit(model, x, fitOptions(setting, 1));
  const subject = { name: setting.name, units: setting.batches, isAsync: true, run };
  const [timing] = await measure([subject], { ...effortOf(context), rounds: context.smoke ? 1 : 3 });
  model.dispose();
  return timing;
}

/** GFLOP/s of X·Wᵀ alone, what the encoder's product may reach at most. */
async function productOf({ inputs, hidden, batch }: Setting, context: Context): Promise<number> {
  const k = benchKernels('float32', { threads: context.threads ?? 2 });
  const view = (rows: number, columns: number) => matrixView(k.allocate(rows * columns), rows, columns);
  const [z, x, w] = [view(batch, hidden), view(batch, inputs), view(inputs, hidden)];
  for (const operand of [x, w]) k.fill(operand, 0.5);
  const run = () => k.gemm(z, x, w, 1, 0);
  const [{ median }] = await measure([{ name: 'product', run }], { ...effortOf(context), rounds: 3 });
  k.dispose();
  return (2 * batch * inputs * hidden) / median / 1e6;
}

/** How the time of a step grows with the units of a dictionary, and with those that are on. */
export async function benchDictionaryGrowth(context: Context): Promise<Report> {
  const rows: string[][] = [];
  const records: Record<string, unknown>[] = [];
  const base = context.smoke ? SMOKE_BASE : BASE;
  for (const variable of ['hidden', 'k'] as const) {
    let before: { size: number; median: number } | null = null;
    for (const size of (context.smoke ? SMOKE_SIZES : SIZES)[variable]) {
      const setting = { ...base, [variable]: size, name: `${variable} = ${size}` };
      const { median, low, high, samples } = await timeOf(setting, context);
      const slope = before && Math.log(median / before.median) / Math.log(size / before.size);
      const gflops = variable === 'hidden' ? await productOf(setting, context) : null;
      const [grows, product] = [slope?.toFixed(2) ?? '–', gflops === null ? '–' : digits(gflops)];
      rows.push([variable, String(size), duration(median), grows, product]);
      records.push({ variable, size, median, low, high, samples, slope, gflops });
      before = { size, median };
    }
  }
  return {
    title: 'Growth of a dictionary step: TopK, centred, unit norm, Adam, batch 256',
    checked: 'costs are finite; that they are right is checked by dictionary-step',
    columns: ['variable', 'size', 'a step', 'slope', 'X·Wᵀ alone, GFLOP/s'],
    rows,
    records,
    notes: ['slope: log(time)/log(size) from the size above: 1 where a doubling doubles'],
  };
}
