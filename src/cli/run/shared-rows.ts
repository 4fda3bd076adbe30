import { type AnyNumbers, rowRange, type View } from '../../array/matrix.ts';
import { prepare } from '../../data/preprocessing/prepare.ts';
import { InputError } from '../../errors.ts';
import type { SavedModel } from '../../training/model-file.ts';
import { arrayFlags, type ReadFlags, tableFlags } from '../flags/read-flags.ts';
import { type ModelInputs, modelInputs } from './model-inputs.ts';
import { openRows } from './read-source.ts';
import { savedData } from './saved-data.ts';

/** A model's inputs, of which each of several processes reads its own. */
export interface SharedRows extends Omit<ModelInputs, 'x' | 'inOrder'> {
  /** How many there are. */
  readonly examples: number;
  /** Rows begin … end−1, treated as the training data were. */
  read(begin: number, end: number): Promise<View<AnyNumbers>>;
}

/**
 * What `modelInputs` gives, row by row: of shards and of .npy files of floats a process reads the rows that it asks for, of
 * any number; other sources are read whole by each. @throws InputError as `modelInputs` does.
 */
export async function sharedRows(
  saved: SavedModel,
  source: string | undefined,
  flags: { limit?: number; id?: string | number } & ReadFlags,
): Promise<SharedRows> {
  const apart = await rowsApart(saved, source, flags);
  if (apart !== undefined) return apart;
  const { x, inOrder: _, ...own } = await modelInputs(saved, source, flags);
  return { ...own, examples: x.shape[0], read: async (begin, end) => rowRange(x, begin, end) };
}

async function rowsApart(
  saved: SavedModel,
  source: string | undefined,
  { limit, id, ...read }: { limit?: number; id?: string | number } & ReadFlags,
): Promise<SharedRows | undefined> {
  const { model, preprocessing } = saved;
  const { precision } = model.config;
  const trained = savedData(saved);
  const name = source ?? trained.source;
  if (name === undefined) return undefined;
  const { limit: trainingLimit, ...others } = trained.data;
  const few = source === undefined ? trainingLimit : undefined;
  const opened = await openRows(name, others, {
    match: trained.columns,
    saved: true,
    id,
    ...tableFlags(read),
    array: arrayFlags(read),
    fills: preprocessing[0]?.kind === 'fill',
  });
  if (opened === undefined) return undefined;
  const all = Math.min(opened.rows, few ?? opened.rows);
  if (limit !== undefined && (limit < 1 || limit > all)) {
    throw new InputError(`--limit is ${limit}: there are ${all} examples, so it must be from 1 to ${all}`);
  }
  return {
    source: name,
    examples: limit ?? all,
    async read(begin, end) {
      const { x } = prepare([await opened.read(begin, end)], opened.plan, precision, preprocessing);
      return model.input(x, 'x', false, (row) => `row ${begin + row}`);
    },
  };
}
