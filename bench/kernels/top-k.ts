import { matrix } from '../../src/array/matrix.ts';
import { fillUniform, stream } from '../../src/array/random.ts';
import { type Context, effortOf } from '../context.ts';
import { measure, type Subject } from '../harness/measure.ts';
import { digits, duration, durations, type Report } from '../harness/report.ts';
import { benchKernels, nameOf, threadWord } from '../subjects.ts';

const SHAPES = [{ rows: 100, columns: 1000, k: 40 }] as const;
const SMOKE_SHAPES = [{ rows: 3, columns: 17, k: 4 }] as const;

type Shape = (typeof SHAPES)[number] | (typeof SMOKE_SHAPES)[number];

/** What a JavaScript user writes: the columns of a row, sorted by their values, and the first k of them. */
function sortColumns(a: Float32Array, { rows, columns, k }: Shape, values: Float32Array): void {
  for (let i = 0; i < rows; i++) {
    const row = a.subarray(i * columns, (i + 1) * columns);
    const order = Uint32Array.from(row.keys()).sort((p, q) => row[q] - row[p]);
    for (let t = 0; t < k; t++) values[i * k + t] = row[order[t]];
  }
}

/** The same by the typed array's own sort, without a comparison function: values alone, not their columns. */
function sortValues(a: Float32Array, { rows, columns, k }: Shape, values: Float32Array): void {
  for (let i = 0; i < rows; i++) {
    const row = a.slice(i * columns, (i + 1) * columns).sort();
    for (let t = 0; t < k; t++) values[i * k + t] = row[columns - 1 - t];
  }
}

/** Throws unless the rows of `values`, in any order, are the k largest of each row. */
function assertLargest(name: string, values: ArrayLike<number>, a: Float32Array, { rows, columns, k }: Shape): void {
  if (values.length !== rows * k) throw new Error(`${name}: ${values.length} values, not ${rows * k}`);
  for (let i = 0; i < rows; i++) {
    const wanted = [...a.subarray(i * columns, (i + 1) * columns)].sort((p, q) => q - p).slice(0, k);
    const got = Array.from({ length: k }, (_, t) => values[i * k + t]).sort((p, q) => q - p);
    const bad = got.findIndex((value, t) => value !== wanted[t]);
    if (bad >= 0) {
      throw new Error(
        `${name}: value ${bad} of row ${i} is ${got[bad]}, the sorted row has ${wanted[bad]}: nothing was timed`,
      );
    }
  }
}

async function benchShape(shape: Shape, context: Context) {
  const { rows, columns, k } = shape;
  const threads = context.threads ?? 1;
  const source = fillUniform(new Float32Array(rows * columns), { seed: 1, stream: stream.testing }, -1, 1);
  const kernels = benchKernels('float32', { threads });
  const [a, kept] = [0, 1].map(() => matrix(kernels.allocate(rows * columns), rows, columns));
  const values = matrix(kernels.allocate(rows * k), rows, k);
  const indices = matrix(kernels.allocateIndices(rows * k), rows, k);
  kernels.write(kept, source);
  const select = () => {
    kernels.copy(a, kept); // selection sets the others to 0
    kernels.selectLargest(values, indices, a);
  };
  select();
  assertLargest('selectLargest', await kernels.copyOut(values), source, shape);
  indices.data.subarray(indices.offset, indices.offset + rows * k).forEach((column, p) => {
    const row = Math.floor(p / k);
    if (source[row * columns + column] !== values.get(row, p % k)) {
      throw new Error(`selectLargest: column ${column} of row ${row} does not hold its value: nothing was timed`);
    }
  });
  const who = nameOf(kernels);
  const sorted = new Float32Array(rows * k);
  const subjects: Subject[] = [
    { name: `${who}: selectLargest and a copy`, run: select },
    { name: `${who}: the copy alone`, run: () => kernels.copy(a, kept) },
  ];
  for (const [name, sort] of [
    ['JavaScript: columns sorted by value', sortColumns],
    ['JavaScript: values sorted', sortValues],
  ] as const) {
    sort(source, shape, sorted);
    assertLargest(name, sorted, source, shape);
    subjects.push({ name, run: () => sort(source, shape, sorted) });
  }
  const torch = await context.python('pytorch', threads);
  if (torch !== null) {
    const name = `torch.topk, ${threadWord(threads)}`;
    const out = torch.path();
    const id = await torch.prepare('top-k', { a: torch.send(source, [rows, columns]), k, out });
    assertLargest(name, torch.receive(out, 'float32'), source, shape);
    subjects.push(torch.subject(name, id));
  }
  const timings = await measure(subjects, effortOf(context));
  kernels.dispose();
  return timings.map((timing) => {
    const overOurs = timing.median / timings[0].median;
    const { name, median, low, high } = timing;
    return {
      row: [`${rows}×${columns}, k = ${k}`, name, duration(median), durations(low, high), `${digits(overOurs)}×`],
      record: { rows, columns, k, ...timing, overOurs },
    };
  });
}

/** The k largest of each row. */
export async function benchTopK(context: Context): Promise<Report> {
  const lines: Awaited<ReturnType<typeof benchShape>> = [];
  for (const shape of context.smoke ? SMOKE_SHAPES : SHAPES) lines.push(...(await benchShape(shape, context)));
  return {
    title: 'The k largest of each row, float32',
    checked: 'the values are those of the sorted row, exactly, and ours lie in the columns it names, before timing',
    columns: ['rows×columns', 'who', 'a call', 'quartiles', "over rhohat's"],
    rows: lines.map(({ row }) => row),
    records: lines.map(({ record }) => record),
  };
}
