import { matrix, type Numbers, type View, vector } from '../../src/array/matrix.ts';
import { fillUniform, stream } from '../../src/array/random.ts';
import { activations } from '../../src/kernels/activations/table.ts';
import type { CpuKernels, Kernels, Results } from '../../src/kernels/kernels.ts';

/** What a kernel works on: matrices (rows, columns), the same storage as flat vectors, a row, and result slots. */
export interface Arrays {
  readonly m: number;
  readonly x: View<Numbers>;
  readonly y: View;
  readonly out: View<Numbers>;
  readonly flat: { readonly x: View; readonly y: View; readonly out: View; readonly z: View; readonly before: View };
  readonly row: View;
  readonly results: Results;
}

/** Values of one element before the kernel ran, in float64. */
interface Element {
  readonly x: number;
  readonly y: number;
  readonly out: number;
  readonly z: number;
  readonly row: number;
}

export interface ElementwiseCase {
  readonly name: string;
  /** Arrays that are read or written in full, each way counted: what must cross the memory bus. */
  readonly passes: number;
  run(k: Kernels, arrays: Arrays): void;
  /** out's element by its definition; none where out is left alone. */
  expected(element: Element): number;
  /** What one element adds to result slot 0. */
  term?(element: Element, m: number): number;
  /** Whether it adds the sums of x's columns to the row. */
  readonly sumsColumns?: boolean;
}

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
const [learningRate, momentum, beta1, beta2, epsilon, lambda] = [1e-3, 0.9, 0.9, 0.999, 1e-8, 1e-4];

export const cases: readonly ElementwiseCase[] = [
  {
    name: 'activate sigmoid',
    passes: 2,
    run: (k, { out, x }) => k.activate(out, x, activations.sigmoid),
    expected: ({ x }) => sigmoid(x),
  },
  {
    name: 'activate tanh',
    passes: 2,
    run: (k, { out, x }) => k.activate(out, x, activations.tanh),
    expected: ({ x }) => Math.tanh(x),
  },
  {
    name: 'delta sigmoid with push',
    passes: 3,
    run: (k, { out, x, y, row }) => k.delta(out, x, row, y, activations.sigmoid),
    expected: ({ x, y, row }) => (x + row) * y * (1 - y),
  },
  {
    name: 'squaredError',
    passes: 3,
    run: (k, { m, out, x, y, results }) => k.squaredError(out, results, 0, x, y, null, m),
    expected: ({ x, y }) => x - y,
    term: ({ x, y }, m) => (0.5 * (x - y) ** 2) / m,
  },
  {
    name: 'crossEntropy',
    passes: 3,
    run: (k, { m, out, x, y, results }) => k.crossEntropy(out, results, 0, x, y, null, m),
    expected: ({ x, y }) => sigmoid(x) - y,
    term: ({ x, y }, m) => (Math.log1p(Math.exp(x)) - x * y) / m,
  },
  {
    name: 'axpy',
    passes: 3,
    run: (k, { flat }) => k.axpy(flat.out, 0.5, flat.x),
    expected: ({ out, x }) => out + 0.5 * x,
  },
  {
    name: 'weightDecay',
    passes: 2,
    run: (k, { out, x, results }) => k.weightDecay(out, results, 0, x, lambda),
    expected: ({ x }) => lambda * x,
    term: ({ x }) => (lambda / 2) * x * x,
  },
  {
    name: 'momentumStep',
    passes: 6,
    run: (k, { flat }) =>
      k.momentumStep(flat.out, flat.before, flat.y, flat.x, { learningRate, momentum, nesterov: false }),
    expected: ({ out, y, x }) => out + momentum * y - learningRate * x,
  },
  {
    name: 'adamStep',
    passes: 8,
    run: (k, { flat }) =>
      k.adamStep(flat.out, flat.before, flat.z, flat.y, flat.x, { learningRate, beta1, beta2, epsilon, step: 1 }),
    expected({ out, z, y, x }) {
      const mean = (beta1 * z + (1 - beta1) * x) / (1 - beta1);
      const square = (beta2 * y + (1 - beta2) * x * x) / (1 - beta2);
      return out - (learningRate * mean) / (Math.sqrt(square) + epsilon);
    },
  },
  {
    name: 'addColumnSums',
    passes: 1,
    run: (k, { row, x }) => k.addColumnSums(row, x, 1),
    expected: ({ out }) => out,
    sumsColumns: true,
  },
];

/** Arrays in (0, 1), so that any of them may hold squares or activations. */
export function createArrays(k: CpuKernels, m: number, columns: number) {
  const draw = (length: number, counter: number) =>
    fillUniform(new Float32Array(length), { seed: 1, stream: stream.testing, counter }, 0.1, 0.9);
  const size = m * columns;
  const drawn = { x: draw(size, 1), y: draw(size, 2), out: draw(size, 3), z: draw(size, 4), row: draw(columns, 5) };
  const [x, y, out, z, before] = Array.from({ length: 5 }, (): Numbers => k.allocate(size));
  const arrays: Arrays = {
    m,
    ...{ x: matrix(x, m, columns), y: matrix(y, m, columns), out: matrix(out, m, columns) },
    flat: { x: vector(x), y: vector(y), out: vector(out), z: vector(z), before: vector(before) },
    row: vector(k.allocate(columns)),
    results: k.allocateResults(1),
  };
  /** Every array as it was drawn. */
  const reset = () => {
    for (const name of ['x', 'y', 'out', 'z'] as const) k.write(arrays.flat[name], drawn[name]);
    k.write(arrays.row, drawn.row);
    k.clearResults(arrays.results);
  };
  const element = (i: number): Element => ({
    ...{ x: drawn.x[i], y: drawn.y[i], out: drawn.out[i], z: drawn.z[i], row: drawn.row[i % columns] },
  });
  /** The row as drawn, and the sums of x's columns, in float64. */
  const columnSums = () => {
    const sums = Float64Array.from(drawn.row);
    drawn.x.forEach((value, i) => {
      sums[i % columns] += value;
    });
    return sums;
  };
  return { arrays, reset, element, columnSums, size };
}
