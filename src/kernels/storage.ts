import type { Numbers } from '../array/matrix.ts';
import type { Storage } from './kernels.ts';

/** Where storage comes from and goes to. */
export interface Source {
  numbers(length: number): Numbers;
  indices(length: number): Uint32Array;
  free(storage: Numbers | Uint32Array): void;
}

/** What was allocated, so that it can be counted and given back at once. */
class Ledger implements Storage {
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

  allocateIndices(length: number): Uint32Array {
    const storage = this.source.indices(length);
    this.held.add(storage);
    return storage;
  }

  release(storage: Numbers | Uint32Array | null): void {
    if (storage !== null && this.held.delete(storage)) this.source.free(storage);
  }

  fork(): Storage {
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
export function createStorage(source: Source): Storage {
  const ledger = new Ledger(source);
  return {
    allocate: (length) => ledger.allocate(length),
    allocateIndices: (length) => ledger.allocateIndices(length),
    release: (storage) => ledger.release(storage),
    fork: () => ledger.fork(),
    heldBytes: () => ledger.heldBytes(),
    dispose: () => ledger.dispose(),
  };
}
