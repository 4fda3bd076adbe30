import { type AnyNumbers, rowRange, type View } from '../../array/matrix.ts';
import { InputError } from '../../errors.ts';
import { loadExamples } from '../../node/sources.ts';
import type { Run } from '../../training/run.ts';

/** What a transcoder's outputs are compared with. */
export interface TargetData {
  readonly training: View<AnyNumbers>;
  /** Of the examples that are held out. */
  readonly validation?: View<AnyNumbers>;
}

/**
 * A run's targets, in memory and as they are: the first `rows` of them where the examples are limited, else all, the last held
 * out as the examples are. undefined where the run has none.
 * @throws InputError where there are not as many as examples.
 */
export async function targetData(run: Run, rows: number): Promise<TargetData | undefined> {
  const { target, source, data, heldOut = 0 } = run;
  if (target === undefined) return undefined;
  const { classes, patches, limit } = data;
  const other = Object.entries({ '--classes': classes, '--patch-size': patches }).find(([, value]) => value);
  if (other !== undefined) {
    throw new InputError(
      `${other[0]} is given with --target-data, whose rows belong to those of ${source}: leave ${other[0]} out`,
    );
  }
  const y = await targetRows(target, run.model.precision);
  const n = y.shape[0];
  if (limit === undefined ? n !== rows : n < rows) {
    const many = limit === undefined ? 'they must be as many' : `there must be as many as --limit says, or more`;
    throw new InputError(
      `--target-data ${target} has ${n} examples, and ${source} has ${rows}: row k of one belongs to row k of the other, so ${many}`,
    );
  }
  const part = (from: number, to: number) => Object.assign(rowRange(y, from, to), { unit: y.unit ?? 1 });
  return {
    training: part(0, rows - heldOut),
    ...(heldOut === 0 ? {} : { validation: part(rows - heldOut, rows) }),
  };
}

/** The examples of a source of targets. @throws InputError where they are not of one length. */
export async function targetRows(target: string, precision: Run['model']['precision']): Promise<View<AnyNumbers>> {
  const stacks = await loadExamples(target, { precision: precision ?? 'float32' });
  if (stacks.length === 1) return Object.assign({ ...stacks[0].x }, { unit: stacks[0].unit });
  throw new InputError(
    `--target-data ${target} has images of ${stacks.length} sizes: targets must be examples of one length`,
  );
}
