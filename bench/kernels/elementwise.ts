import { type Context, effortOf } from '../context.ts';
import { measure } from '../harness/measure.ts';
import { digits, duration, type Report } from '../harness/report.ts';
import { benchKernels, nameOf } from '../subjects.ts';
import { cases, createArrays, type ElementwiseCase } from './elementwise-cases.ts';

const BYTES = 4;
/** Four arrays of 16 KiB floats stay within a level 2 cache of 512 KiB; those of 32 MiB leave every cache. */
const SIZES = [
  { where: 'in level 2', rows: 64, columns: 256 },
  { where: 'in memory', rows: 8192, columns: 1024 },
] as const;
const SMOKE_SIZES = [{ where: 'tiny', rows: 5, columns: 7 }] as const;

/** float32: a few roundings of values of about 1, and more for Adam's quotient. */
const TOLERANCE = 4e-6;

type Storage = ReturnType<typeof createArrays>;
type BenchKernels = ReturnType<typeof benchKernels>;

/** Throws unless every element, and the sum, is what the definition gives. */
async function assertCase(
  k: BenchKernels,
  { arrays, reset, element, columnSums, size }: Storage,
  each: ElementwiseCase,
) {
  reset();
  each.run(k, arrays);
  const got = await k.copyOut(arrays.out);
  let sum = 0;
  for (let i = 0; i < size; i++) {
    const before = element(i);
    const wanted = each.expected(before);
    sum += each.term?.(before, arrays.m) ?? 0;
    if (!(Math.abs(got[i] - wanted) <= TOLERANCE * (1 + Math.abs(wanted)))) {
      throw new Error(`${each.name}: element ${i} is ${got[i]}, not ${wanted}: nothing was timed`);
    }
  }
  if (each.sumsColumns) {
    const wanted = columnSums();
    (await k.copyOut(arrays.row)).forEach((value: number, j: number) => {
      if (Math.abs(value - wanted[j]) <= TOLERANCE * (1 + Math.abs(wanted[j]))) return;
      throw new Error(`${each.name}: sum ${j} is ${value}, not ${wanted[j]}: nothing was timed`);
    });
  }
  const [total] = await k.read(arrays.results);
  if (!(Math.abs(total - sum) <= TOLERANCE * (1 + Math.abs(sum)))) {
    throw new Error(`${each.name}: the sum is ${total}, not ${sum}: nothing was timed`);
  }
}

/** Kernels without products: how near they come to what memory, or a cache, delivers to a plain copy. */
export async function benchElementwise(context: Context): Promise<Report> {
  const rows: string[][] = [];
  const records: Record<string, unknown>[] = [];
  const threads = context.threads ?? 1;
  let who = '';
  for (const { where, rows: m, columns } of context.smoke ? SMOKE_SIZES : SIZES) {
    const k = benchKernels('float32', { threads });
    who = nameOf(k);
    const storage = createArrays(k, m, columns);
    const { arrays, reset, size } = storage;
    for (const each of cases) await assertCase(k, storage, each);
    reset();
    const [from, to] = [arrays.x.data, arrays.out.data];
    const copy = { name: 'a plain copy (set)', passes: 2, run: () => to.set(from) };
    const list = [copy, ...cases.map((each) => ({ ...each, run: () => each.run(k, arrays) }))];
    const timings = await measure(list, effortOf(context));
    const rates = timings.map(({ median }, i) => (list[i].passes * size * BYTES) / median / 1e6);
    timings.forEach(({ name, median, low, high, samples }, i) => {
      const ofCopy = rates[i] / rates[0];
      const perElement = (median / size) * 1e6;
      rows.push([
        ...[`${m}×${columns}, ${where}`, name, duration(median), digits(rates[i])],
        ...[`${digits(100 * ofCopy)}%`, digits(perElement)],
      ]);
      records.push({
        ...{ rows: m, columns, where, name, median, low, high, samples },
        ...{ gigabytesPerSecond: rates[i], ofCopy, nanosecondsAnElement: perElement },
      });
    });
    k.dispose();
  }
  return {
    title: `Kernels without products, ${who}, float32`,
    checked: `every element of every output, and every sum, agrees with its definition in float64 to ${TOLERANCE} of 1 + its size, before timing`,
    columns: ['size', 'kernel', 'a call', 'GB/s', "of the copy's", 'ns an element'],
    rows,
    records,
    notes: ['GB/s counts each array once for reading and once for writing, where it is read or written'],
  };
}
