import type { Machine } from './machine.ts';

/** A tile and the kernels that use it. All tiles add the products of an element in the same order. */
export interface Tile {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  readonly multiplyRows: string;
  readonly multiplyColumns: string;
  /** The tile alone, for timing. */
  readonly alone: string;
}

/** A product and a sum: the same bits on every machine. */
export const PLAIN: Tile = {
  name: 'simd',
  rows: 4,
  columns: 8,
  multiplyRows: 'multiplyRows',
  multiplyColumns: 'multiplyColumns',
  alone: 'tile4x8',
};
/** Fused multiply-add where the engine knows relaxed SIMD. */
export const RELAXED: Tile = {
  name: 'simd-relaxed',
  rows: 4,
  columns: 8,
  multiplyRows: 'multiplyRowsRelaxed',
  multiplyColumns: 'multiplyColumnsRelaxed',
  alone: 'tile4x8Relaxed',
};
/** For V8's re-vectorizer: same bits as the relaxed tile, twice its speed with the flag, and slower without. */
export const WIDE: Tile = {
  name: 'simd-wide',
  rows: 5,
  columns: 16,
  multiplyRows: 'multiplyRowsWideRelaxed',
  multiplyColumns: 'multiplyColumnsWideRelaxed',
  alone: 'tile5x16Relaxed',
};

const DEPTH = 196;
/** A product of so many multiplications lasts longer than the trial beside it. */
const WORTH_A_TRIAL = 4e6;
/** The compiler optimizes in the background: trials go on for so many milliseconds and so often at least. */
const TRIAL_MS = 150;
const TRIALS = 24;
/** The wide tile must be clearly the faster. */
const MARGIN = 1.15;

/**
 * Which tile multiplies. Plain where results must match across machines or nothing else is known; else relaxed, and wide
 * once a timing beside the first large products has shown that the engine fuses its halves: never a version number.
 */
export class TileChoice {
  private readonly machine: Machine;
  private chosen: Tile;
  private readonly best = { relaxed: 0, wide: 0 };
  private trials: number;
  private begun = 0;

  constructor(machine: Machine, deterministic: boolean) {
    this.machine = machine;
    const relaxed = !deterministic && machine.modules.relaxed !== null;
    this.chosen = relaxed ? RELAXED : PLAIN;
    this.trials = relaxed ? 0 : TRIALS;
    if (!relaxed) this.begun = Number.NEGATIVE_INFINITY;
  }

  get name(): string {
    return this.chosen.name;
  }

  /** The tile for a product of so many multiplications. */
  for(work: number): Tile {
    if (work >= WORTH_A_TRIAL && !this.settled) this.tryBoth();
    return this.chosen;
  }

  private get settled(): boolean {
    return this.trials >= TRIALS && performance.now() - this.begun >= TRIAL_MS;
  }

  private tryBoth(): void {
    if (this.trials++ === 0) this.begun = performance.now();
    this.best.relaxed = Math.max(this.best.relaxed, this.rate(RELAXED));
    this.best.wide = Math.max(this.best.wide, this.rate(WIDE));
    if (this.settled && this.best.wide > MARGIN * this.best.relaxed) this.chosen = WIDE;
  }

  /** Multiplications a millisecond of some tiles on panels of zeros in this thread's scratch. */
  private rate({ alone, rows, columns }: Tile): number {
    const { kernels, scratch } = this.machine;
    const [a, b] = [scratch + 4096, scratch + 65_536];
    const begin = performance.now();
    for (let i = 0; i < 8; i++) kernels[alone](scratch, 4 * columns, a, b, DEPTH, 1, 0);
    return (8 * rows * columns * DEPTH) / (performance.now() - begin);
  }
}
