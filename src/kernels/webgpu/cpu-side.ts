import type { Block, Numbers, View } from '../../array/matrix.ts';
import type { CpuKernels, Kernels, Results } from '../kernels.ts';
import { decode, GpuBlock } from './block.ts';

/** Kernels of the processor under the blocks of a device that is gone: what was kept of them, and 0s. */
export class CpuSide {
  readonly kernels: CpuKernels;
  private readonly blocks = new Map<GpuBlock, Numbers | Uint32Array | Results>();

  constructor(kernels: CpuKernels) {
    this.kernels = kernels;
  }

  /** Calls a kernel by its name. */
  call(name: string, given: readonly unknown[]): unknown {
    const kernel = (this.kernels as unknown as Record<string, (...given: unknown[]) => unknown>)[name];
    const opened = given.map((argument) => this.open(argument));
    return kernel === undefined ? this.inParts(name, opened) : kernel(...opened);
  }

  /** What not all kernels have in one pass. */
  private inParts(name: string, given: readonly unknown[]): void {
    const k = this.kernels;
    if (name === 'gemmFrom') {
      const [out, a, b, alpha, beta, from] = given as Parameters<NonNullable<Kernels['gemmFrom']>>;
      k.copy(out, from);
      k.scale(out, beta);
      k.gemm(out, a, b, alpha, 1);
    } else if (name === 'weightDecayCost') {
      const [results, slot, w, lambda] = given as Parameters<NonNullable<Kernels['weightDecayCost']>>;
      const [rows, columns] = w.shape.length === 2 ? w.shape : [1, w.shape[0]];
      const unused = k.allocate(rows * columns);
      k.weightDecay(
        { ...w, data: unused, stride: [columns, 1].slice(-w.shape.length), offset: 0 },
        results,
        slot,
        w,
        lambda,
      );
      k.release(unused);
    } else throw new Error(`no kernel ${name}`);
  }

  /** Brings back what a block held. */
  restore(block: GpuBlock, bytes: ArrayBuffer): void {
    if (bytes.byteLength > 0) decode(bytes, block.kind, this.storageOf(block) as Numbers);
  }

  release(block: GpuBlock): void {
    const storage = this.blocks.get(block);
    this.blocks.delete(block);
    if (storage !== undefined) this.kernels.release(storage as Block);
  }

  dispose(): void {
    this.kernels.dispose();
  }

  private storageOf(block: GpuBlock): Numbers | Uint32Array | Results {
    const known = this.blocks.get(block);
    if (known !== undefined) return known;
    const { kernels } = this;
    const { kind, length, results } = block;
    const made = results
      ? kernels.allocateResults(length)
      : kind === 'numbers'
        ? kernels.allocate(length)
        : kind === 'doubles'
          ? kernels.allocateDoubles(length)
          : kernels.allocateIndices(length);
    this.blocks.set(block, made);
    return made;
  }

  /** An argument as kernels of the processor take it: blocks, views, and objects that have views. */
  private open(argument: unknown): unknown {
    if (argument instanceof GpuBlock) return this.storageOf(argument);
    if (argument === null || typeof argument !== 'object' || ArrayBuffer.isView(argument)) return argument;
    const { data, shape } = argument as Partial<View>;
    if (shape !== undefined) {
      return data instanceof GpuBlock ? { ...argument, data: this.storageOf(data) } : argument; // examples are the caller's
    }
    if (Array.isArray(argument) || 'of' in argument) return argument; // numbers; an activation
    return Object.fromEntries(Object.entries(argument).map(([key, value]) => [key, this.open(value)]));
  }
}
