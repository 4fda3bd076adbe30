import { type Evaluation, sumOf } from '../model/engine.ts';
import type { HistoryEntry } from './history.ts';

/** Where a run stands between two steps. Plain JSON, the history's numbers aside, which may be NaN. */
export interface Position {
  /** Epochs that the model had seen when the run began: corruption goes on from there. */
  readonly before: number;
  /** Steps done. */
  step: number;
  /** Batches of the present epoch that are done; the epoch, from 0, is the length of the history. */
  batch: number;
  /** Why training ended early; null if it did not. */
  converged: string | null;
  /** Of training, in earlier processes too. */
  seconds: number;
  /** Σ value·examples of every term over the present epoch. */
  readonly sums: Record<string, number>;
  /** Of the present epoch, so far. */
  examples: number;
  /** One entry an epoch that is done. */
  readonly history: HistoryEntry[];
}

export function newPosition(before = 0): Position {
  return { before, step: 0, batch: 0, converged: null, seconds: 0, sums: {}, examples: 0, history: [] };
}

/** Counts a step on a batch of `examples`. */
export function addStep(position: Position, { terms }: Evaluation, examples: number): void {
  const { sums } = position;
  for (const [term, value] of Object.entries(terms)) sums[term] = (sums[term] ?? 0) + value * examples;
  position.examples += examples;
  position.step++;
  position.batch++;
}

/** Ends the epoch: its entry, the mean over its examples, goes to the history. */
export function endEpoch(position: Position, validation: number | undefined): void {
  const measured = validation === undefined ? {} : { validation };
  position.history.push({ ...entryOf(position), ...measured });
  for (const term of Object.keys(position.sums)) delete position.sums[term];
  position.examples = 0;
  position.batch = 0;
}

/** Epochs that the model has seen by now, the present one included. A run on the whole set sees one corruption. */
export function epochsSeen({ before, history, batch, step }: Readonly<Position>, still: boolean): number {
  if (still) return before + Math.min(1, step);
  return before + history.length + (batch > 0 ? 1 : 0);
}

/** The history with an entry for the epoch that is under way. */
export function historySoFar(position: Readonly<Position>): HistoryEntry[] {
  return position.batch === 0 ? [...position.history] : [...position.history, entryOf(position)];
}

function entryOf({ sums, examples, history, step }: Readonly<Position>): HistoryEntry {
  const terms = Object.fromEntries(Object.entries(sums).map(([term, sum]) => [term, sum / examples]));
  return { epoch: history.length + 1, step, cost: sumOf(terms), terms };
}
