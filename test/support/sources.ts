import { type AnyNumbers, matrix, rowRange, toFlat, type View } from '../../src/array/matrix.ts';
import type { RowSource } from '../../src/data/stream/row-source.ts';

/** A source over a view that counts: what was read, what is being read, how much is held at a time. */
export class CountingSource implements RowSource {
  readonly shape: readonly [number, number];
  readonly reads: (readonly [begin: number, end: number])[] = [];
  /** Blocks that were given and not handed back, those under way among them. */
  held = 0;
  mostHeld = 0;
  reading = 0;
  private readonly x: View<AnyNumbers>;
  private readonly delay: () => Promise<void>;

  constructor(x: View<AnyNumbers>, delay = async () => {}) {
    this.x = x;
    this.shape = [x.shape[0], x.shape[1]];
    this.delay = delay;
  }

  async read(begin: number, end: number, old?: View<AnyNumbers>): Promise<View<AnyNumbers>> {
    this.reads.push([begin, end]);
    this.reading++;
    if (old) {
      (old.data as Float64Array).fill(77); // whoever still looks at it gets other results
      this.held--;
    }
    this.mostHeld = Math.max(this.mostHeld, ++this.held);
    await this.delay();
    this.reading--;
    const data = toFlat(rowRange(this.x, begin, end)).slice();
    const { unit } = this.x;
    return Object.assign(matrix(data, end - begin, this.shape[1]), unit === undefined ? {} : { unit });
  }

  where(row: number): string {
    return `row ${row} of the test`;
  }
}
