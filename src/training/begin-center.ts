import { type AnyNumbers, type View, vector } from '../array/matrix.ts';
import type { RowSource } from '../data/stream/row-source.ts';
import { InputError } from '../errors.ts';
import type { Autoencoder } from '../model/autoencoder.ts';
import type { FullConfig } from '../model/config.ts';
import { writeParameters } from '../model/parameter-access.ts';
import { orAborted } from './abortable.ts';

/**
 * A centred model that has seen no data begins c, the decoder's bias, at the mean of x or at its geometric median: where the mean
 * is large against the spread, most units are otherwise dead at birth.
 */
export async function beginCenter(
  model: Autoencoder,
  x: View<AnyNumbers> | RowSource,
  signal?: AbortSignal,
): Promise<void> {
  const { engine, config } = model;
  if (config.center === false) return;
  const c = await centerOf(config.center, x, signal);
  const [name] = engine.spec.layers.flatMap(({ center }) => center ?? []);
  await engine.exclusive(async () => writeParameters(engine, { [name]: vector(c) }));
}

/** The mean of x, or its geometric median. @throws InputError where it holds what is not finite; the signal's reason. */
export async function centerOf(
  center: FullConfig['center'],
  x: View<AnyNumbers> | RowSource,
  signal?: AbortSignal,
): Promise<Float64Array> {
  const { geometricMedian, meanRow } = await import('../data/preprocessing/center.ts');
  const c = await orAborted(center === 'geometric-median' ? geometricMedian(x) : meanRow(x), signal);
  if (c === null) throw signal?.reason;
  if (c.every(Number.isFinite)) return c;
  throw new InputError('x holds a value that is not finite: examples must be finite');
}
