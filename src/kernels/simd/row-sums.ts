import type { Results } from '../kernels.ts';
import type { Machine } from './machine.ts';

/** Room for a float64 sum a row. Rows are summed wherever, and added in order here: threads change no bit. */
export class RowSums {
  private readonly machine: Machine;
  private begin = 0;
  private view = new Float64Array(0);

  constructor(machine: Machine) {
    this.machine = machine;
  }

  /** Where `rows` sums may be written. */
  pointer(rows: number): number {
    const { heap } = this.machine;
    if (this.view.length < rows) {
      this.release();
      this.begin = heap.allocate(8 * rows);
      this.view = new Float64Array(heap.memory.buffer, this.begin, heap.sizeOf(this.begin) / 8);
    }
    return this.begin;
  }

  /** results[slot] += factor · Σ sums. */
  addTo(results: Results, slot: number, rows: number, factor: number): void {
    let sum = 0;
    for (let i = 0; i < rows; i++) sum += this.view[i];
    (results as Float64Array)[slot] += factor * sum;
  }

  release(): void {
    this.machine.heap.release(this.begin);
    this.view = new Float64Array(0);
  }
}
