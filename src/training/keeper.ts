import type { Numbers } from '../array/matrix.ts';
import type { Engine } from '../model/engine.ts';
import type { Parameters } from '../model/parameter-access.ts';
import type { HistoryEntry } from './history.ts';
import type { FitPlan } from './options.ts';

/** θ and model-state of an epoch. */
export interface Kept {
  /** Flat, in the model's precision. */
  readonly theta: Numbers;
  /** By name. */
  readonly state: Parameters;
}

/**
 * Keeps what the model was after the epoch of the least validation error, and says when it has stopped falling. Which epoch
 * that is, and how long ago it fell, follow from the history. [Prechelt, Early stopping – but when?, 1998]
 */
export class Keeper {
  private readonly engine: Engine;
  private readonly plan: Pick<FitPlan, 'stop' | 'keep'>;
  /** What is kept; null before the first epoch, and where nothing is to be. */
  kept: Kept | null;

  constructor(engine: Engine, plan: Pick<FitPlan, 'stop' | 'keep'>, kept: Kept | null = null) {
    this.engine = engine;
    this.plan = plan;
    this.kept = kept;
  }

  /** After an epoch. @returns why training should end; null where it should go on. */
  async after(history: readonly HistoryEntry[]): Promise<string | null> {
    const { engine, plan } = this;
    if (plan.keep === 'best' && bestOf(history) === history.length) {
      this.kept = await engine.exclusive(async () => ({
        theta: await engine.kernels.copyOut(engine.theta),
        state: await engine.state.read(['model-state']),
      }));
    }
    if (plan.stop === undefined) return null;
    const { patience, minDelta } = plan.stop;
    const { epoch, error } = lastFall(history, minDelta);
    if (history.length - epoch < patience) return null;
    const by = minDelta === 0 ? '' : ` by more than ${minDelta}`;
    return `the validation error has not fallen${by} below ${error.toPrecision(5)} for ${patience} ${patience === 1 ? 'epoch' : 'epochs'}`;
  }

  /** The model becomes what was kept. */
  async restore(): Promise<void> {
    const { engine, kept } = this;
    if (kept === null) return;
    await engine.exclusive(async () => {
      engine.kernels.write(engine.theta, kept.theta);
      engine.state.write(kept.state);
    });
  }
}

/** The first epoch, from 1, of the least validation error; 0 where none is finite. */
export function bestOf(history: readonly HistoryEntry[]): number {
  return lastFall(history, 0).epoch;
}

/** The last epoch, from 1, whose error was less than that of the last such epoch by more than minDelta. */
function lastFall(history: readonly HistoryEntry[], minDelta: number): { epoch: number; error: number } {
  let found = { epoch: 0, error: Number.POSITIVE_INFINITY };
  for (const { epoch, validation = Number.NaN } of history) {
    if (validation < found.error - minDelta) found = { epoch, error: validation };
  }
  return found;
}
