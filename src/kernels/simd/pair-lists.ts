import type { View } from '../cpu-view.ts';
import { columnStep, pointer, rowStep } from './operands.ts';
import type { Runner } from './runner.ts';

/**
 * Pairs listed by feature, so that what meets in one row of a gradient is added by one thread, in the order of the
 * examples. Storage grows and is used again; lists hold until the next are built.
 */
export class PairLists {
  private readonly machine: Runner;
  private begin = 0;

  constructor(machine: Runner) {
    this.machine = machine;
  }

  /** Where the starts, examples and α·values of the lists lie; see `listByFeature`. */
  build(
    features: number,
    alpha: number,
    values: View,
    indices: View<Uint32Array>,
    lengths: readonly [pointer: number, step: number],
  ) {
    const [m, k] = values.shape;
    const starts = this.reserve(4 * (features + 2 + 2 * m * k));
    const examples = starts + 4 * (features + 2);
    const lists = [starts, examples, examples + 4 * m * k] as const;
    const pairs = [pointer(values), rowStep(values), columnStep(values), pointer(indices), rowStep(indices)] as const;
    this.machine.run('listByFeature', 1, 1, 1, ...lists, features, m, k, alpha, ...pairs, ...lengths);
    return lists;
  }

  private reserve(bytes: number): number {
    const { heap } = this.machine;
    if (heap.sizeOf(this.begin) < bytes) {
      this.release();
      this.begin = heap.allocate(bytes);
    }
    return this.begin;
  }

  release(): void {
    this.machine.heap.release(this.begin);
    this.begin = 0;
  }
}
