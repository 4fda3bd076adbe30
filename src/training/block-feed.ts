import { type AnyNumbers, matrix, rowRange, toFlat, type View } from '../array/matrix.ts';
import { putInto, storageLike } from '../array/numbers.ts';
import { blockOrder, type Order } from '../data/stream/batches.ts';
import type { RowSource } from '../data/stream/row-source.ts';
import type { Batch, BlockCheck, Feed } from './batch.ts';
import { BlockStorage } from './block-storage.ts';
import type { FitPlan } from './options.ts';

/** How long `close` waits for a read under way: one that never resolves shall not keep a run from ending. */
const CLOSING_MS = 2000;

/** Holds the present block and the next one, which is read while steps run; no other. */
export class BlockFeed implements Feed {
  readonly block: number;
  private readonly source: RowSource;
  /** As it was when the run began. */
  private readonly shape: readonly [m: number, d: number];
  private readonly storage: BlockStorage;
  private readonly plan: FitPlan;
  private readonly check: BlockCheck | undefined;
  private epoch = -1;
  private order: Uint32Array = new Uint32Array();
  private present: { number: number; x: View<AnyNumbers> } | null = null;
  private next: { number: number; x: Promise<View<AnyNumbers>> } | null = null;
  private closed = false;

  constructor(source: RowSource, plan: FitPlan, block: number, check?: BlockCheck) {
    this.source = source;
    this.shape = [...source.shape];
    this.storage = new BlockStorage(block >= source.shape[0]);
    this.plan = plan;
    this.check = check;
    this.block = block;
  }

  async take(examples: Uint32Array, epoch: number): Promise<Batch> {
    if (epoch !== this.epoch) this.order = this.orderOf(epoch);
    this.epoch = epoch;
    const runs = this.runsOf(examples);
    const [{ number, rows }] = runs;
    if (runs.length === 1) return { x: await this.move(number), rows };
    // Rows of several blocks are copied together, as earlier blocks make room for later ones.
    const d = this.shape[1];
    let joined: View<AnyNumbers> | null = null;
    let filled = 0;
    for (const { number, rows } of runs) {
      const x = await this.move(number);
      if (joined === null) {
        const data = storageLike(x.data, examples.length * d);
        joined = Object.assign(matrix(data, examples.length, d), x.unit === undefined ? {} : { unit: x.unit });
      }
      for (const row of rows) putInto(joined.data, toFlat(rowRange(x, row, row + 1)), d * filled++);
    }
    return { x: joined as View<AnyNumbers>, rows: examples.map((_, i) => i) };
  }

  async close(): Promise<void> {
    this.closed = true;
    let timer: unknown;
    const tired = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSING_MS);
    });
    await Promise.race([this.next?.x.catch(() => {}), tired]);
    clearTimeout(timer as number);
    this.present = null;
    this.next = null;
  }

  /** The batch's rows within each block that it comes to. */
  private runsOf(examples: Uint32Array): { number: number; rows: Uint32Array }[] {
    const { block } = this;
    const runs: { number: number; rows: Uint32Array }[] = [];
    for (let begin = 0, end = 0; begin < examples.length; begin = end) {
      const number = Math.floor(examples[begin] / block);
      while (end < examples.length && Math.floor(examples[end] / block) === number) end++;
      runs.push({ number, rows: examples.subarray(begin, end).map((example) => example - number * block) });
    }
    return runs;
  }

  private orderOf(epoch: number): Uint32Array {
    const order: Order = { seed: this.plan.seed, epoch, block: this.block };
    return blockOrder(this.shape[0], this.plan.batchSize, order);
  }

  /** Goes on to a block: it was read ahead unless a run begins here. The one before makes room for the one after. */
  private async move(number: number): Promise<View<AnyNumbers>> {
    if (this.present?.number === number) return this.present.x;
    const old = this.present?.x;
    this.present = null;
    const ahead = this.next;
    const x = await (ahead?.number === number ? ahead.x : this.read(number));
    this.next = null;
    this.present = { number, x };
    const following = this.following(number);
    if (following !== undefined && following !== number && !this.closed) {
      const reading = this.read(following, old);
      reading.catch(() => {}); // told when the block's turn comes
      this.next = { number: following, x: reading };
    }
    return x;
  }

  /** The block after this one, in this epoch or the next; undefined at the end of the run. */
  private following(number: number): number | undefined {
    const i = this.order.indexOf(number) + 1;
    if (i < this.order.length) return this.order[i];
    return this.epoch + 1 < this.plan.epochs ? this.orderOf(this.epoch + 1)[0] : undefined;
  }

  private async read(number: number, old?: View<AnyNumbers>): Promise<View<AnyNumbers>> {
    const [m, d] = this.shape;
    const begin = number * this.block;
    const end = Math.min(begin + this.block, m);
    const held = this.present?.x; // in use while this block is read
    const given = await this.source.read(begin, end, old);
    const x = this.storage.keep(given, [end - begin, d], begin, held);
    this.check?.(x, begin);
    return x;
  }
}
