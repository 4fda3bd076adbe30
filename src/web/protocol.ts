import type { AnyNumbers, View } from '../array/matrix.ts';
import { CheckpointError, EngineError, InputError, TrainingError } from '../errors.ts';
import type { KernelOptions } from '../kernels/kernels.ts';
import type { AutoencoderConfig } from '../model/config.ts';
import type { FitResult } from '../training/history.ts';
import type { FitOptions } from '../training/options.ts';
import type { Progress } from '../training/progress.ts';

/**
 * One end of a channel: a page's Worker, a worker's own global scope, a MessagePort of a page or of Node's worker_threads
 * (whose Worker and parentPort are none: hand a port of a MessageChannel over).
 */
export interface Port {
  /** Sends a structured clone; `transfer` moves instead of copying. */
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  /** Calls the listener with every message, or error. */
  addEventListener(type: 'message' | 'error', listener: (event: Event) => void): void;
  /** Ends that. */
  removeEventListener(type: 'message' | 'error', listener: (event: Event) => void): void;
  /** A MessagePort's: messages wait until then. */
  start?(): void;
}

/** What of `fit`'s options goes to a worker as it is. */
export type WorkerFitOptions = Omit<FitOptions, 'onProgress' | 'signal' | 'checkpoint' | 'resume'>;

/** What the page asks; `run` tells the answers of several runs apart. */
export type Request =
  | {
      readonly rhohat: 'train';
      readonly run: number;
      readonly config: AutoencoderConfig;
      readonly x: View<AnyNumbers>;
      readonly options: WorkerFitOptions;
      readonly kernels: KernelOptions;
    }
  | { readonly rhohat: 'cancel'; readonly run: number };

/**
 * What the worker answers: at once that it serves, then progress any number of times, then one of the others. The first
 * names no run, so that pages of an older release pass it over.
 */
export type Answer =
  | { readonly rhohat: 'serving'; readonly run?: undefined }
  | { readonly rhohat: 'progress'; readonly run: number; readonly progress: Progress }
  | { readonly rhohat: 'done'; readonly run: number; readonly model: Uint8Array; readonly result: FitResult }
  | { readonly rhohat: 'failed'; readonly run: number; readonly error: Failure };

/** An error without its class, which a structured clone loses. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly step?: number;
  readonly term?: string;
}

export function toFailure(error: unknown): Failure {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { step, term } = error as Partial<TrainingError>;
  return { name: error.name, message: error.message, step, term };
}

export function toError({ name, message, step = 0, term = '' }: Failure): Error {
  if (name === 'InputError') return new InputError(message);
  if (name === 'TrainingError') return new TrainingError(message, step, term);
  if (name === 'CheckpointError') return new CheckpointError(message, step, undefined);
  if (name === 'EngineError') return new EngineError(message);
  return Object.assign(new Error(message), { name });
}

/** The view alone, without what an ndarray is beside it, and no more of its buffer than the view's own array. */
export function toMessage(x: View<AnyNumbers>): View<AnyNumbers> {
  const { data, shape, stride, offset, unit } = x;
  const whole = data.byteLength === data.buffer.byteLength || !(data.buffer instanceof ArrayBuffer);
  return { data: whole ? data : data.slice(), shape: [...shape], stride: [...stride], offset, unit };
}
