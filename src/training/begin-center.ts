import { type AnyNumbers, type View, vector } from '../array/matrix.ts';
import type { RowSource } from '../data/stream/row-source.ts';
import { InputError } from '../errors.ts';
import type { Autoencoder } from '../model/autoencoder.ts';
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
  const { geometricMedian, meanRow } = await import('../data/preprocessing/center.ts');
  const c = await orAborted(config.center === true ? meanRow(x) : geometricMedian(x), signal);
  if (c === null) throw signal?.reason;
  if (!c.every(Number.isFinite)) throw new InputError('x holds a value that is not finite: examples must be finite');
  const [name] = engine.spec.layers.flatMap(({ center }) => center ?? []);
  await engine.exclusive(async () => writeParameters(engine, { [name]: vector(c) }));
}
