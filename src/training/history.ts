import type { Terms } from '../model/terms.ts';

/** One entry an epoch, or an iteration of L-BFGS. */
export interface HistoryEntry<T extends Terms = Terms> {
  /** Counted from 1. */
  readonly epoch: number;
  /** Steps done by its end. */
  readonly step: number;
  /** Mean over the epoch's examples. */
  readonly cost: number;
  /** The summands of `cost`, each already multiplied by its weight. */
  readonly terms: T;
  /** The data term on the validation set after the epoch: reconstruction error, or classification cost. */
  readonly validation?: number | undefined;
}

/** What a run of training came to; of one that was ended by an error or an abort, as far as it went: see `fit`. */
export interface FitResult<T extends Terms = Terms> {
  /** Steps done, those before a checkpoint included. */
  readonly steps: number;
  /** Epochs done; the iterations of L-BFGS. */
  readonly epochs: number;
  /** Of the last epoch: see HistoryEntry. */
  readonly cost: number;
  /** Its summands, each already multiplied by its weight. */
  readonly terms: T;
  /** An entry an epoch. */
  readonly history: readonly HistoryEntry<T>[];
  /** Of training, in earlier processes too. */
  readonly seconds: number;
  /** Why training ended before its last epoch: L-BFGS, or `stop`; null if it did not. */
  readonly converged: string | null;
  /** With `keep: 'best'`: the epoch, from 1, of which the model has the parameters; 0 where no epoch ended. */
  readonly kept?: number | undefined;
  /** Where a checkpoint was taken up: after this step, which these kernels had done; other ones go on to other bits. */
  readonly resumed?: {
    /** The last one that was done before. */
    readonly step: number;
    /** Such as simd or reference. */
    readonly kernels: string;
  };
}

/** An error that ends training tells in `result` what it came to, unless it has another `result`. */
export function withResult(error: unknown, result: object): unknown {
  const isOurs = (own: unknown) => typeof own === 'object' && own !== null && 'terms' in own && 'seconds' in own;
  return telling(error, 'result', result, isOurs); // of a run that ended by it before
}

/** The error with a property more, where it can be told anything: it may be no object, frozen, or a caller's own Proxy. */
export function telling(error: unknown, key: string, value: object, replaces = (_own: unknown) => true): unknown {
  try {
    if (typeof error !== 'object' || error === null) return error;
    const { [key]: own } = error as Record<string, unknown>;
    if (own === undefined || replaces(own)) {
      Object.defineProperty(error, key, { value, configurable: true, writable: true });
    }
  } catch {}
  return error;
}
