import type { Block, Numbers } from '../array/matrix.ts';
import type { Storage } from './kernels.ts';

/** A block whose size in bytes is known. */
export interface Sized extends Block {
  readonly byteLength: number;
}

/** Where storage comes from and goes to: blocks of numbers, of doubles and of column numbers. */
export interface Source<N extends Sized = Numbers, D extends Sized = Float64Array, I extends Sized = Uint32Array> {
  numbers(length: number): N;
  doubles(length: number): D;
  indices(length: number): I;
  free(storage: N | D | I): void;
}

/** Storage whose blocks are of known types. */
export interface StorageOf<N extends Sized, D extends Sized, I extends Sized> extends Storage {
  allocate(length: number): N;
  allocateDoubles(length: number): D;
  allocateIndices(length: number): I;
  fork(): StorageOf<N, D, I>;
}

/** What was allocated, so that it can be counted and given back at once. */
class Ledger<N extends Sized, D extends Sized, I extends Sized> implements StorageOf<N, D, I> {
  private readonly source: Source<N, D, I>;
  private readonly parent: Ledger<N, D, I> | null;
  private readonly held = new Set<N | D | I>();
  private readonly forks = new Set<Ledger<N, D, I>>();

  constructor(source: Source<N, D, I>, parent: Ledger<N, D, I> | null = null) {
    this.source = source;
    this.parent = parent;
  }

  allocate(length: number): N {
    return this.hold(this.source.numbers(length));
  }

  allocateDoubles(length: number): D {
    return this.hold(this.source.doubles(length));
  }

  allocateIndices(length: number): I {
    return this.hold(this.source.indices(length));
  }

  release(storage: Block | null): void {
    const own = storage as N | D | I | null;
    if (own !== null && this.held.delete(own)) this.source.free(own);
  }

  fork(): StorageOf<N, D, I> {
    const fork = new Ledger(this.source, this);
    this.forks.add(fork);
    return fork;
  }

  heldBytes(): number {
    let sum = 0;
    for (const { byteLength } of this.held) sum += byteLength;
    for (const fork of this.forks) sum += fork.heldBytes();
    return sum;
  }

  dispose(): void {
    for (const fork of [...this.forks]) fork.dispose();
    for (const storage of [...this.held]) this.release(storage);
    this.parent?.forks.delete(this);
  }

  private hold<B extends N | D | I>(storage: B): B {
    this.held.add(storage);
    return storage;
  }
}

/** Storage from a source, as plain functions: kernels are objects of functions. */
export function createStorage<N extends Sized, D extends Sized, I extends Sized>(
  source: Source<N, D, I>,
): StorageOf<N, D, I> {
  const ledger = new Ledger(source);
  return {
    allocate: (length) => ledger.allocate(length),
    allocateDoubles: (length) => ledger.allocateDoubles(length),
    allocateIndices: (length) => ledger.allocateIndices(length),
    release: (storage) => ledger.release(storage),
    fork: () => ledger.fork(),
    heldBytes: () => ledger.heldBytes(),
    dispose: () => ledger.dispose(),
  };
}
