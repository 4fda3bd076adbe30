import type { Numbers } from '../array/matrix.ts';
import type { Engine } from '../model/engine.ts';
import type { Parameters } from '../model/parameter-access.ts';
import type { NetworkSpec } from '../model/spec.ts';
import { dataOf, type FitParts } from './fit-parts.ts';
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
 * that is, and how long ago it fell, follow from the history. Epochs in which k is annealed do not count: their models have
 * learned with another k than the one that was asked for. [Prechelt, Early stopping – but when?, 1998]
 */
export class Keeper {
  private readonly engine: Engine;
  private readonly plan: Pick<FitPlan, 'stop' | 'keep'>;
  /** What is kept; null before the first epoch, and where nothing is to be. */
  kept: Kept | null;
  /** Of which epoch, from 1; 0 of none. */
  epoch: number;
  /** The epoch of the least error, and the last one that fell by more than minDelta below the last such one. */
  private best: Fall = NONE;
  private fall: Fall = NONE;
  private readonly annealed: number;

  /** `kept`: of the history so far, by an earlier process. `annealed`: the epochs at the beginning that do not count. */
  constructor(
    engine: Engine,
    plan: Pick<FitPlan, 'stop' | 'keep'>,
    kept: Kept | null = null,
    history: readonly HistoryEntry[] = [],
    annealed = 0,
  ) {
    this.annealed = annealed;
    this.engine = engine;
    this.plan = plan;
    this.kept = kept;
    for (const entry of history) this.see(entry);
    this.epoch = kept === null ? 0 : this.best.epoch;
  }

  /** After an epoch. @returns why training should end; null where it should go on. */
  async after(entry: HistoryEntry): Promise<string | null> {
    const { engine, plan } = this;
    this.see(entry);
    if (plan.keep === 'best' && this.best.epoch === entry.epoch) {
      this.epoch = entry.epoch;
      this.kept = await engine.exclusive(async () => ({
        theta: await engine.kernels.copyOut(engine.theta),
        state: await engine.state.read(['model-state']),
      }));
    }
    if (plan.stop === undefined || entry.epoch <= this.annealed) return null;
    const { patience, minDelta } = plan.stop;
    const { epoch, error } = this.fall;
    if (entry.epoch - Math.max(epoch, this.annealed) < patience) return null;
    const by = minDelta === 0 ? '' : ` by more than ${minDelta}`;
    return `the validation error has not fallen${by} below ${error.toPrecision(5)} for ${patience} ${patience === 1 ? 'epoch' : 'epochs'}`;
  }

  private see(entry: HistoryEntry): void {
    if (entry.epoch <= this.annealed) return;
    this.best = lower(this.best, entry, 0);
    this.fall = lower(this.fall, entry, this.plan.stop?.minDelta ?? 0);
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

/** The epochs of a run in which k of a layer may be more than at its end, all but the last at most; none where a step sees all examples. */
export function annealedEpochs(
  { layers }: Pick<NetworkSpec, 'layers'>,
  plan: Pick<FitPlan, 'optimizer' | 'epochs'>,
  parts?: FitParts,
): number {
  if (dataOf(plan, parts) === 'whole') return 0;
  const shares = layers.map(({ choice: { kind, spec } }) => kind.settles?.(spec) ?? 0);
  return Math.min(plan.epochs - 1, Math.ceil(Math.max(...shares) * plan.epochs));
}

/** The first epoch, from 1, of the least validation error, those before k has settled aside; 0 where none is a number. */
export function bestOf(history: readonly HistoryEntry[], annealed: number): number {
  return history.slice(annealed).reduce((best, entry) => lower(best, entry, 0), NONE).epoch;
}

/** An epoch, from 1, and its error. */
interface Fall {
  readonly epoch: number;
  readonly error: number;
}

const NONE: Fall = { epoch: 0, error: Number.POSITIVE_INFINITY };

/** The entry, where its error is less by more than minDelta. */
function lower(fall: Fall, { epoch, validation = Number.NaN }: HistoryEntry, minDelta: number): Fall {
  return validation < fall.error - minDelta ? { epoch, error: validation } : fall;
}
