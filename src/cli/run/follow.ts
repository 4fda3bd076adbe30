import type { AnyNumbers, View } from '../../array/matrix.ts';
import type { RowSource } from '../../data/stream/row-source.ts';
import { TrainingError } from '../../errors.ts';
import { assess } from '../../measures/assess.ts';
import type { Autoencoder } from '../../model/autoencoder.ts';
import { fit } from '../../training/fit.ts';
import type { FitResult } from '../../training/history.ts';
import type { FitOptions } from '../../training/options.ts';
import { say } from '../output.ts';
import { Interruption } from './interruption.ts';
import type { Parallel } from './parallel.ts';

/** What is trained, and what it is measured on. */
export interface Followed {
  readonly model: Autoencoder;
  readonly training: View<AnyNumbers> | RowSource;
  readonly sample: View<AnyNumbers>;
  readonly target: View<AnyNumbers> | undefined;
}

/** Trains and measures along with the first process, which alone tells of it and keeps what comes of it. */
export async function follow(
  { share, bytesOfFirst, close }: Parallel,
  { model, training, sample, target }: Followed,
  options: FitOptions,
): Promise<void> {
  const interruption = new Interruption();
  const { signal } = interruption;
  const resume = bytesOfFirst(undefined);
  try {
    await interruption.orNull(fit(model, training, { ...options, signal, resume, ...share }));
  } catch (error) {
    if (!keepsBest(error)) throw error;
  } finally {
    interruption.release();
  }
  await assess(model, sample, { target, ...share }).catch(() => undefined); // the first one tells
  await close();
}

/** Whether a run that diverged leaves the parameters of its best epoch. */
export function keepsBest(error: unknown): error is TrainingError {
  return error instanceof TrainingError && resultOf(error)?.kept !== undefined && resultOf(error)?.kept !== 0;
}

/** What a run that did not end by itself had come to. */
export function resultOf(reason: unknown): FitResult | undefined {
  return (reason as { readonly result?: FitResult } | undefined)?.result;
}

/** Of a run that diverged the best parameters are worth as much as those of one that was interrupted. */
export async function ended(
  training: Promise<FitResult | null>,
): Promise<{ result: FitResult | null; failure: TrainingError | null }> {
  try {
    return { result: await training, failure: null };
  } catch (error) {
    if (keepsBest(error)) return { result: null, failure: error };
    throw error;
  }
}

/** Tells of a checkpoint that could not be saved. */
export function goOn(error: unknown): void {
  say(`rhohat: ${error instanceof Error ? error.message : String(error)}; training goes on`);
}
