import { type Matrix, matrix, type Numbers, type Precision, transposed, zeros } from '../src/array/matrix.ts';
import { fillUniform, stream } from '../src/array/random.ts';
import { createKernels } from '../src/kernels/create.ts';
import { assertProduct, naiveProduct } from './gemm-check.ts';
import { type Effort, effort, measure, type Subject, type Timing } from './measure.ts';
import type { Peers } from './peers.ts';
import { digits, type Report } from './report.ts';

type Shape = readonly [m: number, n: number, k: number];
type Product = 'A·B' | 'AᵀB' | 'ABᵀ';

/** A subject that can show what it computed, row-major. */
interface GemmSubject extends Subject {
  readonly precision: Precision;
  result(): Numbers;
}

const SHAPES: readonly Shape[] = [
  [256, 256, 256],
  [1024, 1000, 784],
];
const SMOKE_SHAPES: readonly Shape[] = [[32, 32, 32]];
const PRODUCTS: readonly Product[] = ['A·B', 'AᵀB', 'ABᵀ'];
const TFJS = 'tfjs cpu float32';

/** A (m, k) and B (k, n) row-major, and how the product's factors are stored: transposed factors are stride views. */
function operands([m, n, k]: Shape, product: Product, precision: Precision) {
  // Drawn in float32 and stored in either precision, so that all subjects multiply the same numbers.
  const drawn = (length: number, counter: number) =>
    fillUniform(new Float32Array(length), { seed: 1, stream: stream.testing, counter }, -1, 1);
  const store = (values: Numbers, rows: number, columns: number, asTransposed: boolean) => {
    const plain = matrix(zeros(values.length, precision), rows, columns);
    plain.data.set(values);
    if (!asTransposed) return { stored: plain, view: plain };
    const stored = matrix(zeros(values.length, precision), columns, rows);
    for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) stored.set(j, i, plain.get(i, j));
    return { stored, view: transposed(stored) };
  };
  const [a, b] = [drawn(m * k, 1), drawn(k * n, 2)];
  return { plain: { a, b }, a: store(a, m, k, product === 'AᵀB'), b: store(b, k, n, product === 'ABᵀ') };
}

function subjects(shape: Shape, product: Product, peers: Peers): GemmSubject[] {
  const [m, n] = shape;
  const list: GemmSubject[] = [];
  for (const precision of ['float32', 'float64'] as const) {
    const { a, b } = operands(shape, product, precision);
    const add = (name: string, multiply: (out: Matrix) => void) => {
      const out = matrix(zeros(m * n, precision), m, n);
      list.push({ name: `${name} ${precision}`, precision, run: () => multiply(out), result: () => out.data });
    };
    const kernels = createKernels(precision);
    add(`rhohat ${kernels.name}`, (out) => kernels.gemm(out, a.view, b.view, 1, 0));
    const { ndarrayGemm } = peers;
    if (ndarrayGemm !== null) add('ndarray-gemm', (out) => ndarrayGemm(out, a.view, b.view));
    if (precision === 'float32' && peers.tensorFlow !== null)
      list.push(tensorFlowSubject(peers.tensorFlow, a, b, product));
  }
  return list;
}

type Operand = ReturnType<typeof operands>['a'];

function tensorFlowSubject(
  tf: NonNullable<Peers['tensorFlow']>,
  a: Operand,
  b: Operand,
  product: Product,
): GemmSubject {
  const tensor = ({ stored }: Operand) => tf.tensor2d(stored.data as Float32Array, [stored.shape[0], stored.shape[1]]);
  const [left, right] = [tensor(a), tensor(b)];
  const multiply = () => tf.matMul(left, right, product === 'AᵀB', product === 'ABᵀ');
  return { name: TFJS, precision: 'float32', run: () => multiply().dispose(), result: () => multiply().dataSync() };
}

/** The table's cell: how many times faster than the peer of that name, of the same precision (tfjs has float32 only). */
function ratioTo(peer: string, timing: Timing, timings: readonly Timing[]): number | null {
  const other = timings.find(({ name }) => name === peer);
  return other === undefined || !timing.name.startsWith('rhohat') ? null : other.median / timing.median;
}

async function benchProduct(shape: Shape, product: Product, peers: Peers, many: Effort) {
  const { plain } = operands(shape, product, 'float32');
  const naive = naiveProduct(plain.a, plain.b, ...shape);
  const size = shape.join('×');
  const list = subjects(shape, product, peers);
  for (const subject of list) {
    subject.run();
    assertProduct(`${product} ${size} ${subject.name}`, subject.result(), naive, subject.precision, shape[2]);
  }
  const timings = await measure(list, many);
  const speed = (milliseconds: number) => (2 * shape[0] * shape[1] * shape[2]) / milliseconds / 1e6;
  const cell = (ratio: number | null) => (ratio === null ? '–' : `${digits(ratio)}×`);
  return timings.map((timing) => {
    const overNdarrayGemm = ratioTo(`ndarray-gemm ${timing.name.slice(-7)}`, timing, timings);
    const overTfjs = ratioTo(TFJS, timing, timings);
    const gflops = speed(timing.median);
    const quartiles = `${digits(speed(timing.high))}–${digits(speed(timing.low))}`;
    return {
      row: [size, product, timing.name, digits(gflops), quartiles, cell(overNdarrayGemm), cell(overTfjs)],
      record: { shape, product, ...timing, gflops, overNdarrayGemm, overTfjs },
    };
  });
}

/** C = A·B, AᵀB and ABᵀ, beside the peers, in one run. */
export async function benchGemm(peers: Peers, smoke: boolean): Promise<Report> {
  const lines: Awaited<ReturnType<typeof benchProduct>> = [];
  for (const shape of smoke ? SMOKE_SHAPES : SHAPES) {
    for (const product of PRODUCTS) {
      lines.push(...(await benchProduct(shape, product, peers, smoke ? effort.smoke : effort.full)));
    }
  }
  return {
    title: 'Matrix products, m×n×k',
    checked:
      'every element of every product lies within (k + 2)·u·(abs(A)·abs(B)) of a naive float64 triple loop ' +
      '(u = 2^-24 in float32, 2^-53 in float64, there doubled), before timing',
    columns: ['m×n×k', 'product', 'who', 'GFLOP/s', 'quartiles', 'over ndarray-gemm', 'over tfjs cpu'],
    rows: lines.map(({ row }) => row),
    records: lines.map(({ record }) => record),
  };
}
