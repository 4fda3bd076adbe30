import { type AnyNumbers, matrix, rowRange, type View } from '../../array/matrix.ts';
import { describeExamples } from '../../data/formats/describe-examples.ts';
import { describeValues } from '../../data/formats/describe-values.ts';
import { assertHeldOut } from '../../data/preprocessing/held-out.ts';
import { prepare } from '../../data/preprocessing/prepare.ts';
import { ONE_BLOCK } from '../../data/stream/blocks.ts';
import { preprocessedSource } from '../../data/stream/preprocessed-source.ts';
import { type RowSource, sourceRange } from '../../data/stream/row-source.ts';
import { readSample, sampleSize } from '../../data/stream/sample.ts';
import { InputError } from '../../errors.ts';
import type { ShardSource } from '../../node/shard-source.ts';
import { openSource } from '../../node/sources.ts';
import type { Run } from '../../training/run.ts';
import { arrayOptions, tellNotes } from './read-source.ts';
import { type RunData, runData } from './run-data.ts';
import { decided, type Open, suitModel, suitPreprocessing } from './suit-data.ts';
import { targetData } from './target-data.ts';

/** What `train` trains on. */
export interface TrainingData extends Omit<RunData, 'training'> {
  /** Read in blocks where it is larger than one. */
  readonly training: View<AnyNumbers> | RowSource;
  /** Those of the training examples that metrics and pictures look at: all, or a sample of what is read in blocks. */
  readonly sample: View<AnyNumbers>;
  /** Of a transcoder: what the outputs for the sample are compared with. */
  readonly sampleTarget?: View<AnyNumbers>;
}

/**
 * A run's data for training, in memory unless they are a folder of shards of more than one block.
 * @throws InputError where the plan does not fit the data.
 */
export async function trainingData(run: Run, labelSource?: string, open: Open = decided): Promise<TrainingData> {
  const source = await openSource(run.source, run.model.precision ?? 'float32', arrayOptions(run.data));
  const [m, d] = source?.shape ?? [0, 0];
  const { limit = m } = run.data;
  if (source !== undefined && Math.min(limit, m) * d > ONE_BLOCK) return blockData(run, source, labelSource, open);
  const data = await runData(run, labelSource, open);
  return { ...data, sample: data.training, ...(data.target ? { sampleTarget: data.target.training } : {}) };
}

async function blockData(
  run: Run,
  source: ShardSource,
  labelSource: string | undefined,
  open: Open,
): Promise<TrainingData> {
  const { classes, transpose, gray, patches, limit } = run.data;
  const flag = Object.entries({
    '--classes': classes,
    '--labels': labelSource,
    '--transpose': transpose,
    '--gray': gray,
    '--patch-size': patches,
  });
  const asked = flag.find(([, value]) => value !== undefined && value !== false)?.[0];
  const [m, d] = source.shape;
  if (asked !== undefined) {
    throw new InputError(
      `${asked} needs all examples in memory, and ${run.source} has ${m} of ${d} numbers, which are read in blocks: leave it out, or take the first ones (--limit)`,
    );
  }
  if (limit !== undefined && limit > m) {
    throw new InputError(`cannot take the first ${limit} examples: there are ${m}; ask for an integer from 1 to ${m}`);
  }
  const count = limit ?? m;
  const held = run.heldOut ?? 0;
  assertHeldOut(held, count, '--held-out');
  if (held * d > ONE_BLOCK) {
    throw new InputError(
      `--held-out is ${held}: those examples stay in memory, so it must be at most ${Math.floor(ONE_BLOCK / d)}`,
    );
  }
  const precision = run.model.precision ?? 'float32';
  const raw = sourceRange(source, 0, count - held);
  // Steps are fitted to the sample; what is held out is treated with the same constants.
  const { data, shape } = await readSample(raw); // row-major, as the shards are
  const { unit } = source.reading;
  const examples = { x: matrix(data, shape[0], d), ...source.reading };
  tellNotes(run.source, source.reading.notes);
  const begun = suitPreprocessing(run, open, Object.assign(rowRange(examples.x, 0, shape[0]), { unit }));
  const { preprocessing } = begun.run.data;
  const prepared = {
    ...prepare([examples], preprocessing ? { preprocessing } : {}, precision),
    read: describeExamples([{ ...source.reading, x: source }]),
  };
  const { steps } = prepared;
  const training = steps.length === 0 ? raw : preprocessedSource(raw, steps, precision);
  const kept = held === 0 ? undefined : sourceRange(source, count - held, count);
  const validation =
    kept && (await (steps.length === 0 ? kept : preprocessedSource(kept, steps, precision)).read(0, held));
  const suited = suitModel(begun, open, prepared.x, count - held);
  const target = await targetData(run, count);
  return {
    prepared,
    values: `${describeValues([examples])}${count - held > shape[0] ? ' (of a sample)' : ''}`,
    training,
    suited,
    sample: prepared.x,
    ...(validation ? { validation } : {}),
    ...(target ? { target, ...(await firstRows(training, target.training)) } : {}),
  };
}

/** A sample whose rows are those of the targets: the first ones, as many as any sample has. */
async function firstRows(x: RowSource, target: View<AnyNumbers>) {
  const n = sampleSize(x.shape[0], Math.max(x.shape[1], target.shape[1]));
  return {
    sample: await x.read(0, n),
    sampleTarget: Object.assign(rowRange(target, 0, n), target.unit === undefined ? {} : { unit: target.unit }),
  };
}
