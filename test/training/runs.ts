import type { AnyNumbers, Numbers, View } from '../../src/array/matrix.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import type { Classifier } from '../../src/model/classifier.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import { fit } from '../../src/training/fit.ts';
import type { FitResult } from '../../src/training/history.ts';
import type { FitOptions } from '../../src/training/options.ts';

/** A finished run: the bits of θ, and its result without the clock. */
export interface Ended {
  readonly bits: string;
  readonly result: Omit<FitResult, 'seconds' | 'resumed'>;
}

/** The bytes of θ in hexadecimal: one text, for uvu takes hours to tell long lists apart. */
export async function bitsOf({ engine }: Autoencoder | Classifier): Promise<string> {
  return hexOf(await engine.kernels.copyOut(engine.theta));
}

export function hexOf({ buffer, byteOffset, byteLength }: Numbers): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('hex');
}

/** Trains a new model, and tells how it ended; every checkpoint is put into `kept`, where one is given. */
export async function trained(
  config: AutoencoderConfig,
  x: View<AnyNumbers>,
  options: FitOptions,
  { threads = 1, kept }: { threads?: number; kept?: Uint8Array[] } = {},
): Promise<Ended> {
  const model = await Autoencoder.create(config, { threads });
  const checkpoint = kept && { every: 1, save: (bytes: Uint8Array) => void kept.push(bytes) };
  const { seconds: _, resumed: __, ...result } = await fit(model, x, { ...options, ...(kept ? { checkpoint } : {}) });
  const ended = { bits: await bitsOf(model), result };
  model.dispose();
  return ended;
}
