import { createHash } from 'node:crypto';
import type { Block, View } from '../../array/matrix.ts';
import { fillUniform, stream } from '../../array/random.ts';
import type { CpuKernels, Results } from '../../kernels/kernels.ts';

/** How a matrix lies in storage; all but the first two leave gaps around the elements, which are digested too. */
export type Layout = 'rows' | 'transposed' | 'strided' | 'reversed';

const layouts: Record<Layout, (rows: number, columns: number) => { stride: [number, number]; offset: number }> = {
  rows: (_, columns) => ({ stride: [columns, 1], offset: 0 }),
  transposed: (rows) => ({ stride: [1, rows], offset: 0 }),
  strided: (_, columns) => ({ stride: [2 * columns + 3, 2], offset: 3 }),
  reversed: (rows, columns) => ({ stride: [-(columns + 2), -1], offset: rows * (columns + 2) + 1 }),
};

/** Element n of a matrix, row-major. */
export type NumbersOf = (n: number) => number;

const POOL = 1 << 16;
const pool = fillUniform(new Float64Array(POOL), { seed: 1, stream: stream.testing });
/** Where a float kernel has corners. */
const CORNERS = [0, -0, Infinity, -Infinity, Number.NaN, 1e-40, -1e-45, 1e-30, 3e38, -3e38, 88.73, -87.4, -103.97, 20];

/** Numbers on [low, high) by chance, the same for the same seed. */
export function between(low: number, high: number, seed = 1): NumbersOf {
  return (n) => low + (high - low) * pool[(7919 * seed + n) % POOL];
}
/** Numbers on [−1, 1). */
export const signed = (seed = 1) => between(-1, 1, seed);
/** The same with every fifth number a corner: infinite, NaN, tiny, −0, where exp over- and underflows. */
export function cornered(low: number, high: number, seed = 1): NumbersOf {
  const values = between(low, high, seed);
  return (n) => (n % 5 === 2 ? CORNERS[(n + seed) % CORNERS.length] : values(n));
}
/** Some numbers on quarters, so that comparisons meet equal ones. */
export function gridded(seed = 1): NumbersOf {
  const values = signed(seed);
  return (n) => (n % 3 === 0 ? Math.round(4 * values(n)) / 4 : values(n));
}

/** Kernels, storage that a case fills for them, and the digest of all that lies in it afterwards. */
export class Ground {
  readonly kernels: CpuKernels;
  readonly results: Results;
  private readonly own: Layout;
  private readonly others: Layout;
  private blocks: Block[] = [];

  /** `own` is how the matrices that a case writes lie, `others` how the rest does. */
  constructor(kernels: CpuKernels, own: Layout, others: Layout) {
    this.kernels = kernels;
    this.own = own;
    this.others = others;
    this.results = kernels.allocateResults(4);
  }

  /** A matrix to be written; its numbers beforehand. */
  out(rows: number, columns: number, values: NumbersOf = () => 7): View {
    return this.place(rows, columns, this.own, values);
  }

  /** A matrix to be read. */
  other(rows: number, columns: number, values: NumbersOf = signed(2)): View {
    return this.place(rows, columns, this.others, values);
  }

  /** A vector; of stride 1 where matrices have rows. */
  vector(length: number, values: NumbersOf = signed(3)): View {
    const step = this.others === 'rows' ? 1 : 3;
    const data = this.kernels.allocate(length * step + 5);
    for (let n = 0; n < length; n++) data[2 + n * step] = values(n);
    this.blocks.push(data);
    return { data, shape: [length], stride: [step], offset: 2 };
  }

  /** Numbers one after the other, as those of optimizers lie. */
  flat(length: number, values: NumbersOf = signed(4)): View {
    const data = this.kernels.allocate(length);
    for (let n = 0; n < length; n++) data[n] = values(n);
    this.blocks.push(data);
    return { data, shape: [length], stride: [1], offset: 0 };
  }

  doubles(length: number, values: NumbersOf = () => 0): View {
    const data = this.kernels.allocateDoubles(length);
    for (let n = 0; n < length; n++) data[n] = values(n);
    this.blocks.push(data);
    return { data, shape: [length], stride: [1], offset: 0 };
  }

  /** Column numbers; a vector where `rows` is null. */
  indices(rows: number | null, columns: number, values: NumbersOf = () => 0): View {
    const data = this.kernels.allocateIndices((rows ?? 1) * columns);
    for (let n = 0; n < data.length; n++) data[n] = values(n);
    this.blocks.push(data);
    return rows === null
      ? { data, shape: [columns], stride: [1], offset: 0 }
      : { data, shape: [rows, columns], stride: [columns, 1], offset: 0 };
  }

  /** Gives all storage back. */
  release(): void {
    for (const block of this.blocks) this.kernels.release(block);
    this.blocks = [];
  }

  /** Of everything that a case has placed, and of the sums, as they are now. Storage goes back. */
  digest(): string {
    const hash = createHash('sha256');
    for (const block of [...this.blocks, this.results])
      hash.update(comparable(block as Float32Array | Float64Array | Uint32Array));
    this.release();
    return hash.digest('hex').slice(0, 16);
  }

  private place(rows: number, columns: number, layout: Layout, values: NumbersOf): View {
    const { stride, offset } = layouts[layout](rows, columns);
    const gaps = layout === 'strided' || layout === 'reversed';
    const data = this.kernels.allocate(gaps ? (rows + 2) * (2 * columns + 5) : rows * columns).fill(-7777);
    for (let i = 0, n = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) data[offset + i * stride[0] + j * stride[1]] = values(n++);
    }
    this.blocks.push(data);
    return { data, shape: [rows, columns], stride, offset };
  }
}

/** The bytes, all NaNs being one: which of them an operation gives is not defined. */
function comparable(block: Float32Array | Float64Array | Uint32Array): Uint8Array {
  const copy = block.slice();
  if (!(copy instanceof Uint32Array)) {
    for (let n = 0; n < copy.length; n++) if (Number.isNaN(copy[n])) copy[n] = Number.NaN;
  }
  return new Uint8Array(copy.buffer, copy.byteOffset, copy.byteLength);
}
