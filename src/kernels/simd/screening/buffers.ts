import type { CpuStorage } from '../../kernels.ts';
import { cutsOf } from './cuts.ts';
import { JOB_BYTES } from './job.ts';

/** What quantized operands are made for. */
export interface Sizes {
  readonly rows: number;
  readonly depth: number;
  readonly units: number;
  readonly survivors: number;
}

/** Units of a block, whose panel stays in the second cache while rows go by. */
const BLOCK = { int16: 128, int8: 256 } as const;
/** Rows of a tile. */
const TILE = { int16: 4, int8: 6 } as const;
/** Rows of a unit of work, whose panels stay in the second cache. */
const MOST_ROWS = 240;
/** Rows of x that are none stand at the end of the last panel. */
const SPARE = 16;

/** Storage of screened products; it grows when asked for more. */
export class Buffers {
  private readonly storage: CpuStorage;
  private readonly blocks = new Map<string, Uint32Array>();
  private cutKey = '';

  constructor(storage: CpuStorage) {
    this.storage = storage;
  }

  /** Where a block of so many bytes lies, by its name. */
  private at(name: string, bytes: number): number {
    const words = Math.ceil(bytes / 4);
    let block = this.blocks.get(name);
    if (block === undefined || block.length < words) {
      this.storage.release(block ?? null);
      block = this.storage.allocateIndices(words);
      this.blocks.set(name, block);
    }
    return block.byteOffset;
  }

  /** Where W's panels and their numbers lie, those of each way apart. */
  units(way: 'int8' | 'int16', { depth, units }: Sizes): { readonly wPanels: number; readonly wNumbers: number } {
    const padded = Math.ceil(depth / 16) * 16;
    const panels = Math.ceil(units / 8);
    return {
      wPanels: this.at(`w ${way}`, panels * 8 * padded * (way === 'int8' ? 1 : 2)),
      wNumbers: this.at(`w numbers ${way}`, panels * 128),
    };
  }

  /** The rest. */
  rows(way: 'int8' | 'int16', { rows, depth, units, survivors }: Sizes, threads: number) {
    const padded = Math.ceil(depth / 16) * 16;
    const tile = TILE[way];
    const shares = threads * Math.ceil(rows / (threads * MOST_ROWS));
    const group = Math.ceil(Math.max(1, rows / shares) / tile) * tile;
    const all = Math.ceil(rows / group) * group + SPARE;
    const room = 16 * Math.ceil(Math.max(320, 4 * survivors + 128) / 16);
    const cuts = this.cuts(way, units, survivors);
    return {
      job: this.at('job', JOB_BYTES),
      tile,
      group,
      room,
      xPanels: this.at('x', all * padded * 2),
      xNumbers: this.at('x numbers', 16 * all),
      columns: this.at('columns', 4 * (all * room + 4)),
      upper: this.at('upper', 4 * (all * room + 4)),
      lower: this.at('lower', 4 * (all * room + 4)),
      states: this.at('states', 16 * all),
      refusal: this.at('refusal', 4),
      counts: this.at('counts', 8),
      ...cuts,
    };
  }

  /** The words at a block. */
  words(name: 'states' | 'refusal' | 'counts' | 'x numbers'): Uint32Array {
    const block = this.blocks.get(name);
    if (block === undefined) throw new Error(`${name} are asked for before they are there`);
    return block;
  }

  private cuts(way: 'int8' | 'int16', units: number, survivors: number) {
    const made = cutsOf(units, survivors, BLOCK[way]);
    const at = this.at('cuts', made.byteLength);
    const key = `${way} ${units} ${survivors}`;
    if (key !== this.cutKey) this.blocks.get('cuts')?.set(made);
    this.cutKey = key;
    return { cuts: at, cutCount: made.length / 2 };
  }
}
