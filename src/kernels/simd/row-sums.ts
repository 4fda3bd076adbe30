import type { Results } from '../kernels.ts';
import type { Runner } from './runner.ts';

/** Room for float64 sums, one a row or more. Rows are summed wherever, and added in order here: threads change no bit. */
export class RowSums {
  private readonly machine: Runner;
  private begin = 0;
  private view = new Float64Array(0);

  constructor(machine: Runner) {
    this.machine = machine;
  }

  /** Where `count` sums may be written. */
  pointer(count: number): number {
    const { heap } = this.machine;
    if (this.view.length < count) {
      this.release();
      this.begin = heap.allocate(8 * count);
      this.view = new Float64Array(heap.memory.buffer, this.begin, heap.sizeOf(this.begin) / 8);
    }
    return this.begin;
  }

  /** What the last kernel left there. */
  get values(): Float64Array {
    return this.view;
  }

  /** results[slot] += factor · Σ sums. */
  addTo(results: Results, slot: number, count: number, factor: number): void {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += this.view[i];
    (results as Float64Array)[slot] += factor * sum;
  }

  release(): void {
    this.machine.heap.release(this.begin);
    this.view = new Float64Array(0);
  }
}
