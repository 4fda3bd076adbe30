import type { AnyNumbers, View } from '../array/matrix.ts';
import { CheckpointError, EngineError, InputError, TrainingError } from '../errors.ts';
import type { KernelChoice, KernelOptions } from '../kernels/kernels.ts';
import type { Labels } from '../model/classifier.ts';
import type { ClassifierConfig } from '../model/classifier-config.ts';
import type { AutoencoderConfig } from '../model/config.ts';
import type { CheckpointOptions } from '../training/checkpoints/checkpoint-options.ts';
import type { FitResult, HistoryEntry } from '../training/history.ts';
import type { FitOptions } from '../training/options.ts';
import type { Progress } from '../training/progress.ts';
import type { SentSnapshot, SnapshotRequest } from './snapshot.ts';

/** What a port tells of. */
export type PortEvent = 'message' | 'messageerror' | 'error' | 'close';

/**
 * One end of a channel: a page's Worker, a worker's own `self`, a MessagePort of a page or of Node's worker_threads
 * (whose Worker and parentPort are none: hand a port of a MessageChannel over).
 */
export interface Port {
  /** Sends a structured clone; `transfer`, a list, moves instead of copying. */
  postMessage(message: unknown, transfer: never): void;
  /** Calls the listener with every message, or error; of a port also where its other end is closed. */
  addEventListener(type: PortEvent, listener: (event: Event) => void): void;
  /** Ends that. */
  removeEventListener(type: PortEvent, listener: (event: Event) => void): void;
  /** A MessagePort's: messages wait until then. */
  start?(): void;
}

/** Sends a message, of which the buffers in `transfer` move. */
export function send(port: Port, message: Request | Answer, transfer: readonly ArrayBuffer[] = []): void {
  port.postMessage(message, transfer as never);
}

/** What of `fit`'s options goes to a worker: all but what cannot be sent. */
export type WorkerFitOptions = Omit<FitOptions, 'onProgress' | 'onEpoch' | 'signal' | 'checkpoint' | 'group' | 'parts'>;

/** What is trained: a new model of a config, or one that was saved. */
export type Job =
  | { readonly kind: 'autoencoder'; readonly config: AutoencoderConfig | Uint8Array }
  | {
      readonly kind: 'classifier';
      readonly config: ClassifierConfig | Uint8Array;
      readonly labels: Labels;
      readonly validationLabels?: Labels | undefined;
    };

/** What the page asks; `run` tells the answers of several runs apart. */
export type Request =
  | {
      readonly rhohat: 'train';
      readonly run: number;
      readonly job: Job;
      readonly x: View<AnyNumbers>;
      readonly options: WorkerFitOptions;
      /** Whether checkpoints are wanted, and how often. */
      readonly checkpoint?: Pick<CheckpointOptions, 'every'> | undefined;
      readonly snapshot?: SnapshotRequest | undefined;
      readonly engine: KernelOptions;
    }
  /** How a checkpoint was saved: the message of what failed, or null. */
  | { readonly rhohat: 'saved'; readonly run: number; readonly error: string | null }
  /** The last snapshot has been taken: the next one may come. */
  | { readonly rhohat: 'taken'; readonly run: number }
  | { readonly rhohat: 'cancel'; readonly run: number };

/**
 * What the worker answers: at once that it serves, then progress, ended epochs, checkpoints and snapshots any number of
 * times, then one of the others. The first names no run.
 */
export type Answer =
  | { readonly rhohat: 'serving'; readonly run?: undefined }
  | { readonly rhohat: 'progress'; readonly run: number; readonly progress: Progress }
  | { readonly rhohat: 'epoch'; readonly run: number; readonly entry: HistoryEntry }
  | { readonly rhohat: 'checkpoint'; readonly run: number; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly rhohat: 'snapshot'; readonly run: number; readonly snapshot: SentSnapshot }
  | {
      readonly rhohat: 'done';
      readonly run: number;
      readonly model: Uint8Array;
      readonly result: FitResult;
      readonly chosen: KernelChoice | null;
    }
  | { readonly rhohat: 'failed'; readonly run: number; readonly error: Failure };

/** An error without its class, which a structured clone loses. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly step?: number | undefined;
  readonly term?: string | undefined;
  /** What the run came to, where it began. */
  readonly result?: FitResult | undefined;
}

export function toFailure(error: unknown): Failure {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { step, term, result } = error as Partial<TrainingError> & { readonly result?: FitResult };
  return { name: error.name, message: error.message, step, term, result };
}

/** The error again; `cause` is what it came of, where that happened on this side. */
export function toError({ name, message, step = 0, term = '' }: Failure, cause: unknown): Error {
  if (name === 'InputError') return new InputError(message);
  if (name === 'TrainingError') return new TrainingError(message, step, term);
  if (name === 'CheckpointError') return new CheckpointError(message, step, cause);
  if (name === 'EngineError') return new EngineError(message);
  return Object.assign(new Error(message), { name });
}

/** The view alone, without what an ndarray is beside it, and no more of its buffer than the view's own array. */
export function toMessage(x: View<AnyNumbers>): View<AnyNumbers> {
  const { data, shape, stride, offset, unit } = x;
  const whole = data.byteLength === data.buffer.byteLength || !(data.buffer instanceof ArrayBuffer);
  const message = { data: whole ? data : data.slice(), shape: [...shape], stride: [...stride], offset };
  return unit === undefined ? message : { ...message, unit };
}
