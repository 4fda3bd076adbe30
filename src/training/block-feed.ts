import { type AnyNumbers, matrix, rowRange, toFlat, type View } from '../array/matrix.ts';
import { putInto, storageLike } from '../array/numbers.ts';
import { firstAtLeast } from '../array/rising.ts';
import { blockOrder } from '../data/stream/batches.ts';
import { type RowSource, readRowsOf } from '../data/stream/row-source.ts';
import { alone, firstOf, type Group, shareOf } from '../model/group.ts';
import { type Batch, type BlockCheck, type Feed, type HoldRows, noHold } from './batch.ts';
import { BlockStorage } from './block-storage.ts';
import type { FitPlan } from './options.ts';
import { ownRows } from './own-rows.ts';

/** How long `close` waits for a read under way: one that never resolves shall not keep a run from ending. */
const CLOSING_MS = 2000;

/** A block of an epoch. */
interface Place {
  readonly number: number;
  readonly epoch: number;
}

/** What is held of a block: all of it, or those of its rows that are `own`, counted within it and rising. */
interface Held {
  readonly x: View<AnyNumbers>;
  readonly own: Uint32Array | null;
  /** Kernels need no longer reach its rows. */
  readonly letGo: () => void;
}

/**
 * Holds the present block and the next one, which is read while steps run; no other. Where other processes take rows of every
 * batch, it reads and holds its own of the two, unless there is one block, whose rows are shuffled anew in every epoch.
 */
export class BlockFeed implements Feed {
  readonly block: number;
  private readonly source: RowSource;
  /** As it was when the run began. */
  private readonly shape: readonly [m: number, d: number];
  private readonly storage: BlockStorage;
  private readonly plan: FitPlan;
  private readonly check: BlockCheck | undefined;
  private readonly hold: HoldRows;
  private epoch = -1;
  private order: Uint32Array = new Uint32Array();
  private readonly group: Group | null;
  private present: (Place & Held) | null = null;
  private next: (Place & { readonly held: Promise<Held> }) | null = null;
  private closed = false;

  constructor(
    source: RowSource,
    plan: FitPlan,
    block: number,
    check?: BlockCheck,
    group: Group = alone,
    hold: HoldRows = noHold,
  ) {
    this.source = source;
    this.hold = hold;
    this.shape = [...source.shape];
    this.storage = new BlockStorage(block >= source.shape[0]);
    this.plan = plan;
    this.check = check;
    this.block = block;
    const [m] = source.shape;
    this.group = group.size > 1 && (block < m || plan.batchSize >= m) ? group : null;
  }

  async take(examples: Uint32Array, epoch: number): Promise<Batch> {
    if (epoch !== this.epoch) this.order = this.orderOf(epoch);
    this.epoch = epoch;
    const { group } = this;
    const own = group === null ? examples : shareOf(examples, group);
    const rows = new Uint32Array(examples.length);
    const first = group === null ? 0 : firstOf(examples, group); // of its own
    const runs = this.runsOf(own);
    const d = this.shape[1];
    if (runs.length === 0) return { x: noRows(d), rows };
    if (runs.length === 1) {
      const held = await this.move(runs[0].number);
      rows.set(placesIn(held, runs[0].rows), first);
      return { x: held.x, rows };
    }
    // Rows of several blocks are copied together, as earlier blocks make room for later ones.
    let joined: View<AnyNumbers> | null = null;
    let filled = 0;
    for (const run of runs) {
      const held = await this.move(run.number);
      const { x } = held;
      if (joined === null) {
        const data = storageLike(x.data, own.length * d);
        joined = Object.assign(matrix(data, own.length, d), x.unit === undefined ? {} : { unit: x.unit });
      }
      for (const row of placesIn(held, run.rows)) putInto(joined.data, toFlat(rowRange(x, row, row + 1)), d * filled++);
    }
    for (let i = 0; i < own.length; i++) rows[first + i] = i;
    return { x: joined as View<AnyNumbers>, rows };
  }

  async close(): Promise<void> {
    this.closed = true;
    let timer: unknown;
    const tired = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSING_MS);
    });
    await Promise.race([this.next?.held.catch(() => {}), tired]);
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
    return blockOrder(this.shape[0], this.plan.batchSize, this.named(epoch));
  }

  private named(epoch: number) {
    return { seed: this.plan.seed, epoch, block: this.block };
  }

  /** Goes on to a block: it was read ahead unless a run begins here. The one before makes room for the one after. */
  private async move(number: number): Promise<Held> {
    const place = this.placeOf(number, this.epoch);
    const before = this.present;
    if (before !== null && isAt(before, place)) return before;
    const old = before?.x;
    before?.letGo(); // what comes next may lie where it lay
    this.present = null;
    const ahead = this.next;
    const held = await (ahead !== null && isAt(ahead, place) ? ahead.held : this.read(place));
    this.next = null;
    const present = { ...place, ...held };
    this.present = present;
    const following = this.following(number);
    if (following !== undefined && !isAt(present, following) && !this.closed) {
      const reading = this.read(following, old);
      reading.catch(() => {}); // told when the block's turn comes
      this.next = { ...following, held: reading };
    }
    return present;
  }

  /** Of a whole block, and of batches that are the whole set, the rows are the same in every epoch. */
  private placeOf(number: number, epoch: number): Place {
    return { number, epoch: this.group === null || this.plan.batchSize >= this.shape[0] ? 0 : epoch };
  }

  /** The block after this one, in this epoch or the next; undefined at the end of the run. */
  private following(number: number): Place | undefined {
    const i = this.order.indexOf(number) + 1;
    if (i < this.order.length) return this.placeOf(this.order[i], this.epoch);
    if (this.epoch + 1 >= this.plan.epochs) return undefined;
    return this.placeOf(this.orderOf(this.epoch + 1)[0], this.epoch + 1);
  }

  private async read({ number, epoch }: Place, old?: View<AnyNumbers>): Promise<Held> {
    const { source, group, plan } = this;
    const [m, d] = this.shape;
    const begin = number * this.block;
    const end = Math.min(begin + this.block, m);
    const held = this.present?.x; // in use while this block is read
    if (group === null) {
      const given = await source.read(begin, end, old);
      const x = this.storage.keep(given, [end - begin, d], `for rows ${begin} to ${end - 1}`, held);
      this.check?.(x, (row) => begin + row);
      return { x, own: null, letGo: await this.hold(x) };
    }
    const own = ownRows(number, m, plan.batchSize, this.named(epoch), group);
    if (own.length === 0) return { x: noRows(d), own, letGo: () => {} };
    const rows = own.map((row) => begin + row);
    const given = await readRowsOf(source, rows, old?.shape[0] === 0 ? undefined : old);
    const asked = `for ${rows.length} of rows ${rows[0]} to ${rows[rows.length - 1]}`;
    const x = this.storage.keep(given, [rows.length, d], asked, held);
    this.check?.(x, (row) => rows[row]);
    return { x, own, letGo: await this.hold(x) };
  }
}

function isAt(held: Place, { number, epoch }: Place): boolean {
  return held.number === number && held.epoch === epoch;
}

/** (0, d), over room for one row. */
function noRows(d: number): View<AnyNumbers> {
  return matrix(new Float32Array(d), 0, d);
}

/** Where rows of a block lie in what is held of it. */
function placesIn({ own }: Held, rows: Uint32Array): Uint32Array {
  return own === null ? rows : rows.map((row) => firstAtLeast(own, row));
}
