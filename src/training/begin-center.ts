import { type AnyNumbers, type View, vector } from '../array/matrix.ts';
import type { RowSource } from '../data/stream/row-source.ts';
import type { Autoencoder } from '../model/autoencoder.ts';
import { writeParameters } from '../model/parameter-access.ts';

/**
 * A centred model that has seen no data begins c, the decoder's bias, at the mean of x or at its geometric median: where the mean
 * is large against the spread, most units are otherwise dead at birth.
 */
export async function beginCenter(model: Autoencoder, x: View<AnyNumbers> | RowSource): Promise<void> {
  const { engine, config } = model;
  if (config.center === false || !engine.fresh) return;
  const { geometricMedian, meanRow } = await import('../data/preprocessing/center.ts');
  const c = await (config.center === true ? meanRow(x) : geometricMedian(x));
  const [name] = engine.spec.layers.flatMap(({ center }) => center ?? []);
  writeParameters(engine, { [name]: vector(c) });
}
