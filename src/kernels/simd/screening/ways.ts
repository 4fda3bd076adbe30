/** How a product is screened, or that it is not. All give the same bits. */
export type Way = 'int8' | 'int16' | 'product';

/** Calls at the beginning in which each way is tried: the first ones run before the compiler has optimized. */
const TRIALS = 3;
/** Calls between two trials of a way that is not the fastest; doubled as long as it takes more than twice the time. */
const INTERVAL = 256;
const MOST_INTERVAL = 8192;

interface Record {
  readonly way: Way;
  /** Milliseconds a row of the last two trials. */
  times: [number, number];
  tried: number;
  interval: number;
  due: number;
}

/**
 * Which way is the fastest, by the times of calls: it depends on the processor, the engine, and how close together the data lie.
 * No choice changes a bit.
 */
export class Ways {
  private readonly records: readonly Record[];
  private calls = 0;

  constructor(ways: readonly Way[]) {
    this.records = ways.map((way) => ({ way, times: [Infinity, Infinity], tried: 0, interval: INTERVAL, due: 0 }));
  }

  /** The way to take now. */
  next(): Way {
    this.calls++;
    const untried = this.records.find(({ tried }) => tried < TRIALS);
    if (untried !== undefined) return untried.way;
    const due = this.records.find((record) => record.due <= this.calls);
    return (due ?? this.fastest()).way;
  }

  /** What a call by this way took. */
  took(way: Way, milliseconds: number, rows: number): void {
    const record = this.records.find((each) => each.way === way);
    if (record === undefined) return;
    record.times = [record.times[1], milliseconds / rows];
    record.tried++;
    const slow = bestOf(record) > 2 * bestOf(this.fastest());
    record.interval = slow ? Math.min(2 * record.interval, MOST_INTERVAL) : INTERVAL;
    record.due = this.calls + record.interval;
  }

  private fastest(): Record {
    return this.records.reduce((best, each) => (bestOf(each) < bestOf(best) ? each : best));
  }
}

function bestOf({ times }: Record): number {
  return Math.min(...times);
}
