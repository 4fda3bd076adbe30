import { announce, type Context, effortOf } from '../context.ts';
import { measure, type Timing } from '../harness/measure.ts';
import { digits, type Report } from '../harness/report.ts';
import { kernelKinds, threadWord } from '../subjects.ts';
import { assertProduct, naiveProduct } from './check.ts';
import { operands, type Product, type Shape } from './operands.ts';
import { peak, peakSubjects } from './peak.ts';
import { type GemmSubject, ours, peerSubjects, pythonSubject } from './subjects.ts';

const SHAPES: readonly Shape[] = [
  [512, 512, 512],
  [1024, 1000, 784],
  // An autoencoder's step, 784 → 1000 at batch 100.
  [100, 1000, 784],
  [1000, 784, 100],
  [100, 784, 1000],
];
const SMOKE_SHAPES: readonly Shape[] = [[32, 24, 20]];
const PRODUCTS: readonly Product[] = ['A·B', 'AᵀB', 'ABᵀ'];

/** Everything that computes the product, each checked; `main` names our default kernels by precision. */
async function checkedSubjects(shape: Shape, product: Product, context: Context) {
  const threads = context.threads ?? 1;
  const values = operands(shape, product);
  const list: GemmSubject[] = [];
  const main: Record<string, string> = {};
  const kinds = [...kernelKinds('float32', threads), ...kernelKinds('float64', threads)];
  for (const kernels of kinds) {
    const each = ours(kernels, values, shape);
    main[kernels.precision] ??= each.subject.name;
    list.push(each);
  }
  list.push(...(await peerSubjects(context.peers, values, shape)));
  const torch = await context.python('pytorch', threads);
  const scientific = await context.python('scientific', threads);
  const word = threadWord(threads);
  if (torch !== null) list.push(await pythonSubject(torch, `PyTorch, ${word}`, values, 'float32'));
  if (scientific !== null) {
    for (const precision of ['float32', 'float64'] as const) {
      list.push(await pythonSubject(scientific, `NumPy, ${word}`, values, precision));
    }
  }
  const naive = naiveProduct(values.plain.a, values.plain.b, ...shape);
  for (const { subject, precision, result } of list) {
    if ('run' in subject) {
      await subject.begin?.();
      await subject.run();
    }
    const name = `${product} ${shape.join('×')} ${subject.name}`;
    assertProduct(name, await result(), naive, precision, shape[2]);
  }
  const end = async () => {
    for (const each of list) await each.end?.();
    for (const kind of kinds) kind.dispose();
  };
  return { list, main, end };
}

async function benchProduct(shape: Shape, product: Product, context: Context) {
  announce(`gemm ${shape.join('×')}, ${product}`);
  const { list, main, end } = await checkedSubjects(shape, product, context);
  const loops = peakSubjects();
  const subjects = [...list.map(({ subject }) => subject), ...loops];
  const timings = await measure(subjects, effortOf(context));
  await end();
  const limit = peak(loops, timings);
  const operations = 2 * shape[0] * shape[1] * shape[2];
  const size = shape.join('×');
  return timings.map((timing: Timing, i) => {
    const isLoop = i >= list.length;
    const amount = isLoop ? loops[i - list.length].operations : operations;
    const [gflops, lowest, highest] = [timing.median, timing.high, timing.low].map((time) => amount / time / 1e6);
    const ourTiming = isLoop ? undefined : timings.find(({ name }) => name === main[list[i].precision]);
    const overOurs = ourTiming === undefined || ourTiming === timing ? null : timing.median / ourTiming.median;
    const ofPeak = gflops / limit;
    return {
      row: [
        ...[size, product, timing.name, digits(gflops), `${digits(lowest)}–${digits(highest)}`],
        ...[`${digits(100 * ofPeak)}%`, overOurs === null ? '–' : `${digits(overOurs)}×`],
      ],
      record: { shape, product, isLoop, ...timing, gflops, ofPeak, overOurs },
    };
  });
}

/** C = A·B, AᵀB and ABᵀ, beside the peers and the limit of the machine's 128-bit unit, in one run. */
export async function benchGemm(context: Context): Promise<Report> {
  const lines: Awaited<ReturnType<typeof benchProduct>> = [];
  for (const shape of context.smoke ? SMOKE_SHAPES : SHAPES) {
    for (const product of PRODUCTS) lines.push(...(await benchProduct(shape, product, context)));
  }
  return {
    title: 'Matrix products, m×n×k',
    checked:
      'every element of every product lies within (k + 2)·u·(abs(A)·abs(B)) of a naive float64 triple loop ' +
      '(u = 2^-24 in float32, 2^-53 in float64, there doubled), before timing',
    columns: ['m×n×k', 'product', 'who', 'GFLOP/s', 'quartiles', 'of the 128-bit peak', "time over rhohat's"],
    rows: lines.map(({ row }) => row),
    records: lines.map(({ record }) => record),
    notes: [
      "the peak is the fastest call of loops over registers, on one thread, in the same rounds; time over rhohat's compares with our default kernels in the same precision",
      'PyTorch and NumPy may use instructions that are wider than 128 bits',
    ],
  };
}
