import type { Runner } from './runner.ts';

/** A block of memory for bytes on their way into WebAssembly: it grows when needed, and is kept. */
export class Staging {
  private readonly machine: Runner;
  private begin = 0;
  private view = new Uint8Array(0);

  constructor(machine: Runner) {
    this.machine = machine;
  }

  /** So many bytes of it, of any content. */
  bytes(length: number): Uint8Array {
    const { heap } = this.machine;
    if (this.view.length < length) {
      this.release();
      this.begin = heap.allocate(length);
      this.view = new Uint8Array(heap.memory.buffer, this.begin, heap.sizeOf(this.begin));
    }
    return this.view;
  }

  release(): void {
    this.machine.heap.release(this.begin);
    this.view = new Uint8Array(0);
  }
}
