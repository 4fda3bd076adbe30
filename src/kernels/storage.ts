import type { Block, Numbers } from '../array/matrix.ts';
import type { CpuStorage } from './kernels.ts';

/** Where storage comes from and goes to. */
export interface Source {
  numbers(length: number): Numbers;
  doubles(length: number): Float64Array;
  indices(length: number): Uint32Array;
  free(storage: Numbers | Uint32Array): void;
}

/** What was allocated, so that it can be counted and given back at once. */
class Ledger implements CpuStorage {
  private readonly source: Source;
  private readonly parent: Ledger | null;
  private readonly held = new Set<Numbers | Uint32Array>();
  private readonly forks = new Set<Ledger>();

  constructor(source: Source, parent: Ledger | null = null) {
    this.source = source;
    this.parent = parent;
  }

  allocate(length: number): Numbers {
    const storage = this.source.numbers(length);
    this.held.add(storage);
    return storage;
  }

  allocateDoubles(length: number): Float64Array {
    const storage = this.source.doubles(length);
    this.held.add(storage);
    return storage;
  }

  allocateIndices(length: number): Uint32Array {
    const storage = this.source.indices(length);
    this.held.add(storage);
    return storage;
  }

  release(storage: Block | null): void {
    const own = storage as Numbers | Uint32Array | null;
    if (own !== null && this.held.delete(own)) this.source.free(own);
  }

  fork(): CpuStorage {
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
}

/** Storage from a source, as plain functions: kernels are objects of functions. */
export function createStorage(source: Source): CpuStorage {
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
