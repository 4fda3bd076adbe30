import { type AnyNumbers, rowRange, type View } from '../../array/matrix.ts';
import type { Examples } from '../../data/examples.ts';
import { prepare } from '../../data/preprocessing/prepare.ts';
import type { Preprocessing } from '../../data/preprocessing/preprocessing.ts';
import { InputError } from '../../errors.ts';
import type { SavedModel } from '../../training/model-file.ts';
import { arrayFlags, type ReadFlags, tableFlags } from '../flags/read-flags.ts';
import { say } from '../output.ts';
import { readSource } from './read-source.ts';
import { savedData } from './saved-data.ts';

/** A model's inputs. */
export interface ModelInputs {
  readonly x: View<AnyNumbers>;
  /** A name for each example, where a column of the source was asked for as such. */
  readonly ids?: readonly string[];
  /** Of a table, where they were asked for: the line of each example, from 1. */
  readonly lines?: readonly number[];
  /** Whether row k of x is row k of the source: patches are none of its rows. */
  readonly inOrder: boolean;
  /** What the data are called. */
  readonly source: string;
}

/** The model's inputs from a source, treated as the training data were; `id` is the column that names them. */
export async function modelInputs(
  saved: SavedModel,
  source: string | undefined,
  { limit, id, lines, ...read }: { limit?: number; id?: string | number; lines?: boolean } & ReadFlags,
): Promise<ModelInputs> {
  const { model, preprocessing } = saved;
  const plan = savedData(saved);
  const name = source ?? plan.source;
  if (name === undefined) throw new InputError('the model does not say what data it was trained on: name the data');
  const { patches, limit: trainingLimit, classes, ...others } = plan.data;
  const few = source === undefined ? trainingLimit : undefined;
  // Patches are drawn from all images, and limited themselves.
  const { stacks, plan: rest } = await readSource(name, others, {
    ...(patches === undefined ? { limit: few ?? limit } : {}),
    match: plan.columns,
    saved: true,
    id,
    lines,
    ...tableFlags(read),
    array: arrayFlags(read),
    fills: preprocessing[0]?.kind === 'fill',
  });
  // New data are encoded whole, whatever their classes; their labels need not be known.
  if (source === undefined && classes !== undefined) {
    throw new InputError(`the model was trained on classes ${classes.join(', ')} of ${name}: name the data`);
  }
  const width = rawWidth(preprocessing, model.config.inputs);
  // Examples that already have the model's width are taken as they are; images of other sizes are cut into patches.
  const cut = patches !== undefined && !hasWidth(stacks, width) ? { patches } : { patches: undefined };
  const { x } = prepare(
    stacks,
    { ...rest, ...(few === undefined ? {} : { limit: few }), ...cut },
    model.config.precision,
    preprocessing,
  );
  const { ids, lines: begun } = stacks[0];
  // Patches are no examples of a table, and have no lines.
  const own = {
    source: name,
    inOrder: cut.patches === undefined,
    ...(ids ? { ids } : {}),
    ...(begun && cut.patches === undefined ? { lines: begun } : {}),
  };
  if (cut.patches !== undefined) {
    const { size } = cut.patches;
    say(
      `rhohat: examples are ${x.shape[0]} patches of ${size}×${size} pixels at random places of the images, as in training`,
    );
  }
  if (limit === undefined) return { x, ...own };
  if (limit < 1 || limit > x.shape[0]) {
    throw new InputError(
      `--limit is ${limit}: there are ${x.shape[0]} examples, so it must be from 1 to ${x.shape[0]}`,
    );
  }
  return { x: rowRange(x, 0, limit), ...own };
}

/** Columns before preprocessing. */
function rawWidth(steps: readonly Preprocessing[], inputs: number): number {
  const first = steps.find((step) => 'mean' in step || 'values' in step);
  if (first === undefined) return inputs;
  return 'mean' in first ? first.mean.shape[0] : 'values' in first ? first.values.shape[0] : inputs;
}

function hasWidth(stacks: readonly Examples[], width: number): boolean {
  return stacks.length === 1 && stacks[0].x.shape[1] === width;
}
