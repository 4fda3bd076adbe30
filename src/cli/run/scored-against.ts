import { type AnyNumbers, rowRange, type View } from '../../array/matrix.ts';
import { InputError } from '../../errors.ts';
import type { SavedModel } from '../../training/model-file.ts';
import { savedData } from './saved-data.ts';
import { targetRows } from './target-data.ts';

/** What a model's outputs are compared with. */
export interface Compared {
  readonly y: View<AnyNumbers>;
  /** Where a transcoder's targets are from; absent where y is x. */
  readonly target?: string;
}

/** What `score` and `inspect` are told of targets. */
export interface TargetFlags {
  readonly targetData?: string;
  readonly limit?: number;
}

/**
 * What a model's outputs for x are compared with: x itself; of a transcoder the targets that are named, or those of training where
 * the data are. null where a transcoder's are not known.
 * @throws InputError where they are not as many as the examples, or are given to an autoencoder.
 */
export async function comparedWith(
  saved: SavedModel,
  x: View<AnyNumbers>,
  source: string | undefined,
  flags: TargetFlags,
): Promise<Compared | null> {
  const found = await targetsFor(saved, x, source, flags);
  return found === 'inputs' ? { y: x } : found;
}

/** The same for examples of which only the shape is known: they themselves are 'inputs'. */
async function targetsFor(
  saved: SavedModel,
  x: { readonly shape: readonly number[] },
  source: string | undefined,
  { targetData, limit }: TargetFlags,
): Promise<Compared | 'inputs' | null> {
  const { model } = saved;
  const { inputs, targets, skip, precision } = model.config;
  const { target: trained, data } = savedData(saved);
  const transcoder = targets !== inputs || skip || trained !== undefined;
  const target = targetData ?? (source === undefined ? trained : undefined);
  if (target === undefined) return transcoder ? null : 'inputs';
  if (!transcoder) {
    throw new InputError(
      `--target-data is ${target}: the model is an autoencoder, whose outputs are compared with its inputs: leave it out`,
    );
  }
  const all = await targetRows(target, precision);
  // Of the training data the first ones are taken where training took them.
  const few = Math.min(limit ?? Infinity, (source === undefined ? data.limit : undefined) ?? Infinity);
  const y = few < all.shape[0] ? Object.assign(rowRange(all, 0, few), { unit: all.unit ?? 1 }) : all;
  return { y: model.target(y, x, 'options.target') ?? y, target };
}

/** As `comparedWith`. @throws InputError where a transcoder's targets are not known, too. */
export async function scoredAgainst(
  saved: SavedModel,
  x: View<AnyNumbers>,
  source: string | undefined,
  flags: TargetFlags,
): Promise<Compared> {
  const found = await knownTargets(saved, x, source, flags);
  return found === 'inputs' ? { y: x } : found;
}

/** The same for examples of which only the shape is known: they themselves are 'inputs'. */
export async function knownTargets(
  saved: SavedModel,
  x: { readonly shape: readonly number[] },
  source: string | undefined,
  flags: TargetFlags,
): Promise<Compared | 'inputs'> {
  const found = await targetsFor(saved, x, source, flags);
  if (found !== null) return found;
  throw new InputError(
    'the model is a transcoder, whose outputs are compared with other data than its inputs: name them with --target-data',
  );
}
