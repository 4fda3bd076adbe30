import { type AnyNumbers, type Matrix, matrix } from '../../array/matrix.ts';
import { elementsOf, storageLike } from '../../array/numbers.ts';
import { InputError } from '../../errors.ts';
import { type Examples, takeFirst, toGray } from '../examples.ts';
import { describeExamples } from '../formats/describe-examples.ts';
import type { DataPlan } from './data-plan.ts';
import { patchesApart } from './held-out.ts';
import { samplePatches } from './patches.ts';
import { transposeImages } from './transpose-images.ts';

/** What is left of a source, with its labels where there are any. */
export interface Selected {
  readonly examples: Examples;
  readonly labels?: Uint32Array | undefined;
  /** What the source held, in words. */
  readonly read: string;
  /** The name of the array in its file. */
  readonly array?: string | undefined;
  /** Of unsigned bytes: what they were divided by. */
  readonly byteUnit?: number | undefined;
}

/**
 * One stack of examples of one length: chosen by label, limited, transposed, grey, cut into patches. Its last `heldOut` rows are those
 * that are held out.
 * @throws InputError where the plan does not fit the data.
 */
export function select(
  stacks: readonly Examples[],
  { classes, limit, transpose, gray, patches, heldOut = 0 }: DataPlan,
  labels?: ArrayLike<number>,
): Selected {
  let chosen = stacks;
  const source = {
    read: describeExamples(stacks),
    ...(stacks[0]?.array === undefined ? {} : { array: stacks[0].array }),
    ...(stacks[0]?.byteUnit === undefined ? {} : { byteUnit: stacks[0].byteUnit }),
  };
  let left = labels && Uint32Array.from(labels);
  const count = chosen.reduce((sum, { x }) => sum + x.shape[0], 0);
  if (left !== undefined && count !== left.length) {
    throw new InputError(`there are ${left.length} labels for ${count} examples: there must be one for each`);
  }
  if (left !== undefined && chosen.length !== 1) throw unequal(chosen);
  if (classes !== undefined) {
    if (left === undefined) {
      throw new InputError(
        `examples of classes ${classes.join(', ')} are asked for, and the data have no labels: name them`,
      );
    }
    const rows = Uint32Array.from(left.keys()).filter((i) => classes.includes(left?.[i] ?? -1));
    if (rows.length === 0) throw new InputError(`no example has one of the classes ${classes.join(', ')}: name others`);
    left = rows.map((i) => left?.[i] ?? 0);
    const { ids, lines, labels: kept } = chosen[0];
    const own = {
      ...(ids ? { ids: Array.from(rows, (i) => ids[i]) } : {}),
      ...(lines ? { lines: Array.from(rows, (i) => lines[i]) } : {}),
      ...(kept ? { labels: left } : {}),
    };
    chosen = [{ ...chosen[0], ...own, x: takeRows(chosen[0].x, rows) }];
  }
  if (transpose) chosen = chosen.map(transposeImages);
  if (gray) chosen = chosen.map(toGray);
  if (limit !== undefined && chosen.length === 1) {
    chosen = [takeFirst(chosen[0], limit)];
    left = left?.slice(0, limit);
  }
  if (patches !== undefined) {
    if (left !== undefined && classes === undefined)
      throw new InputError('patches have no labels: leave one of the two out');
    const examples = heldOut > 0 ? patchesApart(chosen, patches, heldOut) : samplePatches(chosen, patches);
    return { examples, ...source };
  }
  if (chosen.length !== 1) {
    throw unequal(chosen);
  }
  return { examples: chosen[0], ...(left ? { labels: left } : {}), ...source };
}

function unequal({ length }: readonly Examples[]): InputError {
  return new InputError(
    `the images come in ${length} sizes or kinds: make them equal, or cut patches (--patch-size 8)`,
  );
}

/** Rows of a matrix, copied in their own type. */
function takeRows<D extends AnyNumbers>(x: Matrix<D>, rows: Uint32Array): Matrix<D> {
  const d = x.shape[1];
  const out = storageLike(x.data, rows.length * d);
  const [to, from] = [elementsOf(out), elementsOf(x.data)];
  rows.forEach((row, i) => {
    for (let j = 0; j < d; j++) to[i * d + j] = from[x.offset + row * x.stride[0] + j * x.stride[1]];
  });
  return matrix(out, rows.length, d);
}
