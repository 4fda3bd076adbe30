import type { AnyNumbers, View } from '../../array/matrix.ts';
import type { RowSource } from '../../data/stream/row-source.ts';
import { TrainingError } from '../../errors.ts';
import type { Autoencoder } from '../../model/autoencoder.ts';
import { fit } from '../../training/fit.ts';
import type { FitOptions } from '../../training/options.ts';
import { Interruption } from './interruption.ts';
import type { Parallel } from './parallel.ts';

/** Trains along with the first process, which alone tells of it and keeps what comes of it. */
export async function follow(
  team: Parallel,
  model: Autoencoder,
  training: View<AnyNumbers> | RowSource,
  options: FitOptions,
): Promise<void> {
  const interruption = new Interruption();
  const { signal } = interruption;
  const resume = team.bytesOfFirst(undefined);
  try {
    await interruption.orNull(fit(model, training, { ...options, signal, resume, ...team.share }));
  } catch (error) {
    // A run that diverges does so in all, and the first one tells.
    if (!(error instanceof TrainingError)) throw error;
  } finally {
    interruption.release();
  }
  await team.close();
}
