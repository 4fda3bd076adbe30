import type { KernelOptions } from '../kernels/kernels.ts';
import type { CheckpointOptions } from '../training/checkpoints/checkpoint-options.ts';
import type { FitOptions } from '../training/options.ts';

/** What stays on the page's side of a run, and how its worker is waited for. */
export interface PageOptions {
  /** How models run, in the worker and in the model that comes back: threads, deterministic, and what kernels. */
  readonly engine?: KernelOptions | undefined;
  /**
   * Called at most about twenty times a second, and after the last step, with the latest; the next call waits for the promise of
   * the last, training does not. Where it throws or rejects, the run ends with that.
   */
  readonly onProgress?: FitOptions['onProgress'] | undefined;
  /** Called after every epoch; as of `onProgress`. */
  readonly onEpoch?: FitOptions['onEpoch'] | undefined;
  /**
   * Aborting rejects at once with the signal's reason, whatever the worker does: it is told to end its run after the present
   * step, and lives on. What it had come to is `result` of the reason, where that is an object, as far as the page has heard.
   */
  readonly signal?: AbortSignal | undefined;
  /** Saves what it takes to go on: as of `fit`, `save` being called on this side, once more after an abort where the worker still can. */
  readonly checkpoint?: CheckpointOptions | undefined;
  /** Seconds until the worker must have said something, at most 2²¹; otherwise the run rejects. Default 30. */
  readonly startWithin?: number | undefined;
}
