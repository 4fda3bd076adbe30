import type { Kernel, Modules } from './instantiate.ts';

/** A tile and the kernel that uses it. All tiles add the products of an element in the same order. */
export interface Tile {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  readonly multiply: string;
  /** The tile alone, for timing. */
  readonly alone: string;
}

/** What a choice needs of its machine. */
interface TileMachine {
  readonly modules: Modules;
  readonly kernels: Record<string, Kernel>;
  readonly scratch: number;
}

/** A product and a sum: the same bits on every machine. */
export const PLAIN: Tile = {
  name: 'simd',
  rows: 5,
  columns: 8,
  multiply: 'multiply',
  alone: 'tile5x8',
};
/** Fused multiply-add where the engine knows relaxed SIMD. */
export const RELAXED: Tile = {
  name: 'simd-relaxed',
  rows: 6,
  columns: 8,
  multiply: 'multiplyRelaxed',
  alone: 'tile6x8Relaxed',
};
/** For V8's re-vectorizer: same bits as the relaxed tile, twice its speed with the flag, and slower without. */
export const WIDE: Tile = {
  name: 'simd-wide',
  rows: 5,
  columns: 16,
  multiply: 'multiplyWideRelaxed',
  alone: 'tile5x16Relaxed',
};

/** A product of so many multiplications lasts much longer than the trial beside it. */
const WORTH_A_TRIAL = 4e6;
/**
 * When the tiles are compared, in milliseconds after the first large product: the compiler optimizes in the background, and
 * later than that on a busy machine. Trials in between make it do so.
 */
const COMPARED_AT: readonly number[] = [300, 1000, 3000];
/** Trials of a comparison. */
const TRIALS = 16;
/** Long enough that what a call costs does not blur the trial: where its halves are not fused the wide tile has half the rate. */
const DEPTH = 392;
const CALLS = 16;

/**
 * Which tile multiplies. Plain where results must match across machines or nothing else is known; else relaxed, and wide
 * once a timing beside the first large products has shown that the engine fuses its halves: never a version number.
 */
export class TileChoice {
  private readonly machine: TileMachine;
  private chosen: Tile;
  private comparisons: number;
  private begun: number | null = null;
  /** The best rates of all trials: other work on the processor lowers a rate, and nothing raises one. */
  private best = { relaxed: 0, wide: 0 };

  constructor(machine: TileMachine, deterministic: boolean) {
    this.machine = machine;
    const relaxed = !deterministic && machine.modules.relaxed !== null;
    this.chosen = relaxed ? RELAXED : PLAIN;
    this.comparisons = relaxed ? 0 : COMPARED_AT.length;
  }

  get name(): string {
    return this.chosen.name;
  }

  /** The tile for a product of so many multiplications. */
  for(work: number): Tile {
    if (work >= WORTH_A_TRIAL && this.comparisons < COMPARED_AT.length) this.consider();
    return this.chosen;
  }

  private consider(): void {
    const now = performance.now();
    this.begun ??= now;
    const due = now - this.begun >= COMPARED_AT[this.comparisons];
    const { best } = this;
    for (let trial = 0; trial < (due ? TRIALS : 1); trial++) {
      best.relaxed = Math.max(best.relaxed, this.rate(RELAXED));
      best.wide = Math.max(best.wide, this.rate(WIDE));
    }
    if (!due) return;
    this.comparisons++;
    this.chosen = best.wide > best.relaxed ? WIDE : RELAXED;
  }

  /** Multiplications a millisecond of the tile alone, on what this thread's scratch holds. */
  private rate({ alone, rows, columns }: Tile): number {
    const { kernels, scratch } = this.machine;
    const [a, b] = [scratch + 4096, scratch + 65_536];
    const begin = performance.now();
    for (let i = 0; i < CALLS; i++) kernels[alone](scratch, a, b, DEPTH);
    return (CALLS * rows * columns * DEPTH) / (performance.now() - begin);
  }
}
