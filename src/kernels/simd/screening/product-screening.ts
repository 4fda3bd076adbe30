import { relu } from '../../activations/relu.ts';
import type { View } from '../../cpu-view.ts';
import type { CpuKernels, CpuStorage } from '../../kernels.ts';
import type { Screening } from '../../screening.ts';
import { depthBlocks } from '../depth-blocks.ts';
import type { Machine } from '../machine.ts';
import { columnStep, pointer, rowStep } from '../operands.ts';
import { Buffers } from './buffers.ts';
import { Guess } from './guess.ts';
import { createInt8Check } from './int8-check.ts';
import { type Job, writeJob } from './job.ts';
import { DEEPEST_INT8, longestRow, rounding } from './rounding.ts';
import { type Indices, type Product, rowOf, scatter, shareAbove, worth } from './rows.ts';
import { largestOfSilent } from './silent.ts';
import { type Way, Ways } from './ways.ts';

/** Rows that are left to the product one by one; where there are more, it is taken whole. */
const FEW = 8;
/** State of a row that is left: see `assembly/screening/candidates.ts`. */
const LEFT = 2;
/** What is certainly below every threshold. */
const FILLER = -3e38;
/** Where more of the units survive than this, the product is taken whole. */
const MOST_SHARE = 1 / 16;
/** Where more units than this are above what they are held against, or may be, screening costs more than it saves. */
const SPARSE = 1 / 12;

/** What screening has cost since it was made. */
interface ScreeningCounts {
  /** Rows that were screened. */
  rows: number;
  /** z that were computed in full precision. */
  exact: number;
  /** Rows whose guessed threshold was wrong. */
  again: number;
  /** Rows that were left to the product. */
  left: number;
}

/** What a screened product is held against. */
interface Target {
  readonly kernel: 'screenLargest' | 'screenAbove';
  readonly out: View;
  readonly indices: Indices | null;
  readonly survivors: number;
  readonly rectified: boolean;
  readonly theta: View | null;
}

/** See `Screening`: by int8 where the engine has relaxed dot products, by int16, or not at all, whichever takes least time. */
export class ProductScreening implements Screening {
  readonly counts: ScreeningCounts = { rows: 0, exact: 0, again: 0, left: 0 };
  private readonly machine: Machine;
  private readonly threads: number;
  private readonly kernels: CpuKernels;
  private readonly relaxed: boolean;
  private readonly buffers: Buffers;
  private readonly int8Holds: () => boolean;
  private readonly storage: CpuStorage;
  private readonly ways: Pick<Ways, 'next' | 'took'>;
  /** Of the units, how many are above what they are held against, about: where they are many, nothing is screened. */
  private share = 1;
  private readonly guess = new Guess();
  private readonly quantized = new Set<Way>();
  /** Where `a` holds these pairs and 0 elsewhere. */
  private clean: { readonly a: View; readonly indices: Indices } | null = null;

  constructor(
    machine: Machine,
    threads: number,
    kernels: CpuKernels,
    storage: CpuStorage,
    relaxed: boolean,
    ways?: Pick<Ways, 'next' | 'took'>,
  ) {
    this.machine = machine;
    this.threads = threads;
    this.kernels = kernels;
    this.storage = storage;
    this.relaxed = relaxed;
    this.buffers = new Buffers(storage);
    this.int8Holds = createInt8Check(machine);
    this.ways = ways ?? new Ways(relaxed ? ['int8', 'int16', 'product'] : ['int16', 'product']);
  }

  changed(): void {
    this.quantized.clear();
  }

  spoiled(): void {
    this.clean = null;
  }

  largest(values: View, indices: Indices, a: View, product: Product, rectified: boolean): void {
    const [, k] = values.shape;
    const target = { kernel: 'screenLargest', out: values, indices, survivors: k, rectified, theta: null } as const;
    const activate = (rows: View) => {
      if (rectified) this.kernels.activate(rows, rows, relu);
    };
    const whole = () => {
      this.multiply(a, product);
      activate(a);
      this.kernels.selectLargest(values, indices, a);
    };
    const fits = k <= a.shape[1] * MOST_SHARE && columnStep(values) === 1 && columnStep(indices) === 1;
    this.by(fits && worth(product), product, target, whole, () => {
      this.wipe(a);
      return (left) => {
        for (const i of left) {
          const [row, chosen, columns] = [rowOf(a, i), rowOf(values, i), rowOf(indices, i)];
          this.multiply(row, { ...product, x: rowOf(product.x, i) });
          activate(row);
          this.kernels.selectLargest(chosen, columns, row);
        }
        scatter(a, values, indices);
      };
    });
    this.clean = { a, indices };
  }

  above(a: View, product: Product, theta: View): void {
    const target = { kernel: 'screenAbove', out: a, indices: null, survivors: 0, rectified: true, theta } as const;
    const whole = (rows: View, of: Product) => {
      this.multiply(rows, of);
      this.kernels.jumpRelu(rows, rows, theta);
    };
    this.overBounds(a, product, target, 0, whole);
  }

  candidates(z: View, product: Product, theta: View): void {
    const target = { kernel: 'screenAbove', out: z, indices: null, survivors: 0, rectified: false, theta } as const;
    this.overBounds(z, product, target, FILLER, (rows, of) => this.multiply(rows, of));
  }

  silent(values: View, indices: Indices, lengths: Indices, product: Product, silence: View, limit: number): void {
    const { kernels, storage } = this;
    const multiply = (z: View, of: Product) => this.multiply(z, of);
    largestOfSilent({ values, indices, lengths }, product, { silence, limit }, { kernels, storage, multiply });
  }

  private overBounds(
    out: View,
    product: Product,
    target: Target,
    filler: number,
    whole: (rows: View, of: Product) => void,
  ): void {
    const { theta } = target;
    const fits = columnStep(out) === 1 && theta !== null && columnStep(theta) === 1;
    const sparse = this.share < SPARSE;
    const exact = this.counts.exact;
    this.by(
      fits && sparse && worth(product),
      product,
      target,
      () => {
        whole(out, product);
        if (theta !== null) this.share = shareAbove(out, theta);
      },
      () => {
        this.kernels.fill(out, filler);
        return (left) => {
          for (const i of left) whole(rowOf(out, i), { ...product, x: rowOf(product.x, i) });
          this.share = (this.counts.exact - exact) / (product.x.shape[0] * out.shape[1]);
        };
      },
    );
    this.clean = null;
  }

  /** By the way that is the fastest. `begin` comes before screening, and gives what comes after it. */
  private by(
    screens: boolean,
    product: Product,
    target: Target,
    whole: () => void,
    begin: () => (left: readonly number[]) => void,
  ): void {
    const rows = product.x.shape[0];
    const way = screens ? this.ways.next() : 'product';
    const started = performance.now();
    if (way === 'product') whole();
    else {
      const end = begin();
      const left = this.screen(way, product, target);
      if (left === null || left.length > FEW) whole();
      else end(left);
    }
    if (screens) this.ways.took(way, performance.now() - started, rows);
  }

  /** Z of some rows, by the product. */
  private multiply(z: View, { x, weight, bias }: Product): void {
    this.kernels.broadcastRow(z, bias);
    this.kernels.gemm(z, x, weight, 1, 1);
  }

  /** a = 0, by its pairs where they are known. */
  private wipe(a: View): void {
    const { clean } = this;
    if (clean === null || clean.a.data !== a.data || clean.a.shape[0] < a.shape[0]) {
      this.kernels.fill(a, 0);
      return;
    }
    const { indices } = clean;
    const [m, k] = indices.shape;
    for (let i = 0; i < m; i++) {
      const row = clean.a.offset + i * clean.a.stride[0];
      const at = indices.offset + i * indices.stride[0];
      for (let t = at; t < at + k; t++) a.data[row + indices.data[t]] = 0;
    }
  }

  /** The rows that are left to the product; null: all are. */
  private screen(way: 'int8' | 'int16', { x, weight, bias }: Product, target: Target): readonly number[] | null {
    const { machine, threads, buffers } = this;
    const [rows, depth] = x.shape;
    const units = weight.shape[1];
    if (way === 'int8' && (depth > DEEPEST_INT8 || !this.int8Holds())) return null;
    const { kernel, out, indices, survivors, rectified, theta } = target;
    const sizes = { rows, depth, units, survivors };
    const { tile, job: at, ...room } = buffers.rows(way, sizes, threads);
    const panels = buffers.units(way, sizes);
    const { blocks, height } = depthBlocks(depth);
    const job: Job = {
      ...room,
      ...panels,
      ...{ x: pointer(x), xRow: rowStep(x), rows, depth },
      ...{ w: pointer(weight), wRow: columnStep(weight), units, bias: pointer(bias) },
      bounds: theta === null ? 0 : pointer(theta),
      blockDepth: height,
      ...{ survivors, rectified: Number(rectified) },
      ...{ values: pointer(out), valuesRow: rowStep(out) },
      ...{ indices: indices === null ? 0 : pointer(indices), indicesRow: indices === null ? 0 : rowStep(indices) },
      ...rounding(depth, height, blocks),
      longest: longestRow(depth),
      start: kernel === 'screenLargest' ? this.guess.value : Number.NEGATIVE_INFINITY,
    };
    writeJob(machine.heap.memory, at, job);
    const bits = way === 'int8' ? '8' : '16';
    const refusal = buffers.words('refusal');
    if (!this.quantized.has(way)) {
      refusal[0] = 0;
      machine.run(`quantizeUnits${way === 'int8' ? 7 : 16}`, threads, Math.ceil(units / 8), 16, at);
      this.quantized.add(way);
      if (refusal[0] !== 0) this.quantized.delete(way);
    }
    if (refusal[0] !== 0) return null;
    const groups = Math.ceil(rows / job.group);
    machine.run(`quantizeRows${bits}`, threads, (groups * job.group) / tile, 16, at);
    const counts = buffers.words('counts');
    counts.fill(0);
    machine.run(`${kernel}${bits}${this.relaxed ? 'Relaxed' : ''}`, threads, groups, 1, at);
    const states = buffers.words('states');
    const left: number[] = [];
    for (let i = 0; i < rows; i++) if (states[4 * i + 3] === LEFT) left.push(i);
    if (kernel === 'screenLargest') this.guess.learn(states, buffers.words('x numbers'), rows, counts[1]);
    this.counts.rows += rows;
    this.counts.exact += counts[0];
    this.counts.again += counts[1];
    this.counts.left += left.length;
    return left;
  }
}
