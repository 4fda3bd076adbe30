import { type AnyNumbers, rowRange, type View } from '../../array/matrix.ts';
import { InputError } from '../../errors.ts';
import type { SavedModel } from '../../training/model-file.ts';
import { savedData } from './saved-data.ts';
import { targetRows } from './target-data.ts';

/**
 * What a model's outputs for x are compared with: x itself; of a transcoder the targets that are named, or those of training where
 * the data are.
 * @throws InputError where a transcoder's are not known, are not as many, or are given to an autoencoder.
 */
export async function scoredAgainst(
  saved: SavedModel,
  x: View<AnyNumbers>,
  source: string | undefined,
  { targetData, limit }: { targetData?: string; limit?: number },
): Promise<View<AnyNumbers>> {
  const { model } = saved;
  const { inputs, targets, skip, precision } = model.config;
  const { target: trained } = savedData(saved);
  const transcoder = targets !== inputs || skip || trained !== undefined;
  const target = targetData ?? (source === undefined ? trained : undefined);
  if (target === undefined) {
    if (!transcoder) return x;
    throw new InputError(
      'the model is a transcoder, whose outputs are compared with other data than its inputs: name them with --target-data',
    );
  }
  if (!transcoder) {
    throw new InputError(
      `--target-data is ${target}: the model is an autoencoder, whose outputs are compared with its inputs: leave it out`,
    );
  }
  const all = await targetRows(target, precision);
  const y =
    limit === undefined ? all : Object.assign(rowRange(all, 0, Math.min(limit, all.shape[0])), { unit: all.unit ?? 1 });
  return model.assertTarget(y, x, 'options.target') ?? x;
}
