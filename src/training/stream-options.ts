import type { MatrixLike } from '../array/view-check.ts';
import type { Terms } from '../model/terms.ts';
import type { FitOptions } from './options.ts';

/** A batch of a transcoder. */
export interface TargetedBatch {
  /** (n, d). */
  readonly x: MatrixLike;
  /** (n, targets): what the outputs are compared with. */
  readonly target?: MatrixLike | undefined;
}

/** One step's examples. */
export type StreamBatch = MatrixLike | TargetedBatch;
/** What `partialFit` takes: a batch, or what gives batches. */
export type Batches = StreamBatch | Iterable<StreamBatch> | AsyncIterable<StreamBatch> | BatchStream;

/** A ReadableStream of batches. */
export interface BatchStream {
  /** See the Streams standard. */
  getReader(): BatchReader;
}

/** What one read gives. */
export interface BatchRead {
  /** There are no more. */
  readonly done: boolean;
  /** Where there is one. */
  readonly value?: StreamBatch | undefined;
}

/** What a ReadableStream is read by. */
export interface BatchReader {
  /** The next batch, or that there is none. */
  read(): Promise<BatchRead>;
  /** Ends the stream. */
  cancel(): Promise<void>;
  /** Gives the stream free. */
  releaseLock?(): void;
}

/** As of `fit`, as far as batches that come one after another allow. */
export interface StreamOptions
  extends Pick<
    FitOptions,
    'optimizer' | 'rules' | 'parts' | 'penaltyWarmup' | 'onProgress' | 'progressEvery' | 'signal' | 'seed'
  > {
  /**
   * How many steps there will be, over all calls: linear, cosine and trapezoid schedules need it, and `annealFrom` is
   * without effect where it is left out. Default: no end is known.
   */
  readonly steps?: number | undefined;
}

/** What a call of `partialFit` came to. */
export interface StreamResult<T extends Terms = Terms> {
  /** Steps done, over all calls. */
  readonly steps: number;
  /** Of this call. */
  readonly examples: number;
  /** Mean over the examples of this call; NaN where there were none. */
  readonly cost: number;
  /** Its summands, each already multiplied by its weight. */
  readonly terms: T;
  /** Of this call. */
  readonly seconds: number;
}
