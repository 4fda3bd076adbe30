import { announce, type Context, effortOf } from '../context.ts';
import { operands, type Product, type Shape } from '../gemm/operands.ts';
import { pythonSubject } from '../gemm/subjects.ts';
import { measure, type Subject } from '../harness/measure.ts';
import { digits, type Report } from '../harness/report.ts';
import { startEngines } from './engines.ts';
import { startTorches } from './torches.ts';

const SHAPES: readonly Shape[] = [
  [512, 512, 512],
  [1024, 1000, 784],
];
const SMOKE_SHAPES: readonly Shape[] = [[32, 24, 20]];
const PRODUCTS: readonly Product[] = ['A·B', 'AᵀB', 'ABᵀ'];
/** Loops over registers, of which the best is the peak: as many as bench/gemm/peak.ts has. */
const LOOPS = 3;

interface Column {
  readonly who: string;
  /** By the product's name. */
  readonly names: Map<string, string>;
  readonly loops: readonly string[];
}

const nameOf = (shape: Shape, product: Product) => `${shape.join('×')}, ${product}`;

/** Products on one thread of every Node that is named, beside its own peak of 128-bit instructions and PyTorch, in turn. */
export async function benchStepsProducts(context: Context): Promise<Report> {
  const engines = await startEngines(context.nodes, 1);
  const subjects: Subject[] = [];
  const columns: Column[] = [];
  const ends: (() => unknown)[] = [];
  const wanted = (context.smoke ? SMOKE_SHAPES : SHAPES)
    .flatMap((shape) => PRODUCTS.map((product) => ({ shape, product, name: nameOf(shape, product) })))
    .filter(({ name }) => context.only === null || name.includes(context.only));
  try {
    announce('steps-products');
    for (const engine of engines) {
      const column: Column & { loops: string[] } = { who: engine.name, names: new Map(), loops: [] };
      const add = (name: string, id: string) => {
        subjects.push(engine.subject(name, id));
        return name;
      };
      for (const { shape, product, name } of wanted) {
        const id = await engine.prepare('product', { shape, product });
        column.names.set(name, add(`${engine.name} ${name}`, id));
      }
      for (let index = 0; index < LOOPS; index++) {
        column.loops.push(add(`${engine.name} peak ${index}`, await engine.prepare('peak', { index })));
      }
      columns.push(column);
    }
    for (const { python, peer } of await startTorches(context, 1)) {
      const names = new Map<string, string>();
      for (const { shape, product, name } of wanted) {
        const who = `PyTorch, ${peer} ${name}`;
        const { subject, end } = await pythonSubject(python, who, operands(shape, product), 'float32');
        subjects.push(subject);
        names.set(name, subject.name);
        if (end !== undefined) ends.push(end);
      }
      columns.push({ who: `PyTorch, ${peer}`, names, loops: [] });
    }
    const timings = new Map((await measure(subjects, effortOf(context))).map((timing) => [timing.name, timing]));
    for (const end of ends) await end();
    const records = wanted.flatMap(({ shape, name }) => {
      const operations = 2 * shape[0] * shape[1] * shape[2];
      return columns.map(({ who, names, loops }) => {
        const timing = timings.get(names.get(name) ?? '');
        if (timing === undefined) throw new Error(`${who} has no ${name}`);
        const gflops = operations / timing.median / 1e6;
        const limits = loops.map((loop) => 1 / (timings.get(loop)?.least ?? Number.NaN) / 1e6);
        const ofPeak = limits.length === 0 ? null : gflops / Math.max(...limits);
        return { ...timing, row: name, who, gflops, ofPeak };
      });
    });
    return {
      title: 'Products on one thread, GFLOP/s, m×n×k',
      checked:
        'every element of ours lies within (k + 2)·2^-24·(abs(A)·abs(B)) of a naive float64 triple loop, before timing',
      columns: ['product', ...columns.map(({ who }) => who)],
      rows: wanted.map(({ name }) => [
        name,
        ...records
          .filter(({ row }) => row === name)
          .map(({ gflops, ofPeak }) => digits(gflops) + (ofPeak === null ? '' : ` (${Math.round(100 * ofPeak)}%)`)),
      ]),
      records,
      notes: [
        "in brackets: of the engine's own peak of 128-bit instructions, the fastest call of loops over registers in the same rounds; turbo joins two of them where it can, and may pass it",
      ],
    };
  } finally {
    for (const engine of engines) engine.stop();
  }
}
