import { type AnyNumbers, matrix, rowRange, toFlat, type View } from '../../src/array/matrix.ts';
import { putInto, storageLike } from '../../src/array/numbers.ts';
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

/** The same, which reads rows alone too, and counts them. */
export class CountingRows extends CountingSource {
  readonly rowReads: (readonly number[])[] = [];

  async readRows(rows: Uint32Array, old?: View<AnyNumbers>): Promise<View<AnyNumbers>> {
    this.rowReads.push([...rows]);
    const parts: View<AnyNumbers>[] = [];
    for (const row of rows) {
      parts.push(await this.read(row, row + 1, parts.length === 0 ? old : undefined));
      this.reads.pop();
    }
    this.held -= rows.length - 1;
    const data = storageLike(parts[0].data, rows.length * this.shape[1]);
    for (const [i, part] of parts.entries()) putInto(data, toFlat(part), i * this.shape[1]);
    const { unit } = parts[0];
    return Object.assign(matrix(data, rows.length, this.shape[1]), unit === undefined ? {} : { unit });
  }
}
