import type { AnyNumbers, Matrix, View } from '../../array/matrix.ts';
import { numberAt } from '../../array/numbers.ts';
import { quantile } from '../../array/quantile.ts';
import { squaredErrorsByColumn } from '../../data/squared-errors.ts';
import { type WithoutColumn, withoutColumns } from '../../measures/without-columns.ts';
import { type WithoutGroup, withoutGroups } from '../../measures/without-groups.ts';
import type { Flagged } from '../../report/flagged.ts';
import type { OddColumn, OddRow } from '../../report/html/score-report.ts';
import type { SavedModel } from '../../training/model-file.ts';
import { type CategoryGroup, groupsOf, inOwnUnits } from './own-units.ts';

/** Columns of a row that are named. */
const NAMED = 3;
/** One that makes up less of a score is not odd. */
const LEAST_SHARE = 0.05;
/** Numbers of the examples that are repaired, column by column: so many times d. */
const MOST_NUMBERS = 2 ** 22;
/** Values of a column that are looked at to see where they lie. */
const MOST_RANKED = 20_000;

/** What of scored data the rows are told with. */
export interface Scored {
  readonly y: View<AnyNumbers>;
  readonly reconstruction: Matrix;
  readonly scores: ArrayLike<number>;
  /** Of the columns of y. */
  readonly names: readonly string[];
  readonly ids?: readonly string[] | undefined;
  readonly lines?: readonly number[] | undefined;
  /** Whether y is what the model is given: its columns can be told apart by repairing them. */
  readonly isInput: boolean;
}

/** The examples of these numbers, with the columns that are odd in them. */
export async function oddRows(
  scored: Scored,
  saved: SavedModel,
  flagged: Flagged,
  examples: readonly number[],
): Promise<OddRow[]> {
  const { y, reconstruction, scores, ids, lines } = scored;
  const parts = squaredErrorsByColumn(y, reconstruction, examples).data;
  const d = y.shape[1];
  const repaired = scored.isInput
    ? await withoutColumns(saved.model, y, examples.slice(0, Math.floor(MOST_NUMBERS / (d * d))), usual(y))
    : [];
  const groups = scored.isInput ? groupsOf(saved) : [];
  const others = await withoutGroups(
    saved.model,
    y,
    examples.slice(0, repaired.length),
    groups.map(({ group }) => group),
  );
  return examples.map((k, n) => {
    const columns =
      n < repaired.length
        ? byRepair(scored, saved, k, repaired[n], groups, others[n])
        : byShare(scored, saved, k, parts.subarray(n * d, (n + 1) * d));
    return { example: k, line: lines?.[k], id: ids?.[k], score: scores[k], isFlagged: flagged.is(scores[k]), columns };
  });
}

/** Where values of each column usually lie: from the first to the last hundredth, and half of that beyond either end. */
function usual(y: View<AnyNumbers>): [number, number][] {
  const [m, d] = y.shape;
  const few = Math.ceil(m / MOST_RANKED);
  return Array.from({ length: d }, (_, j) => {
    const values = Array.from({ length: Math.ceil(m / few) }, (_, i) => valueAt(y, i * few, j));
    const [low, high] = [quantile(values, 0.01), quantile(values, 0.99)];
    return [low - (high - low) / 2, high + (high - low) / 2];
  });
}

/** The columns, or categories, whose repair leaves the least of the score, as long as each leaves much less than all of it. */
function byRepair(
  { y, scores, names }: Scored,
  { preprocessing }: SavedModel,
  k: number,
  repaired: readonly WithoutColumn[],
  groups: readonly CategoryGroup[],
  others: readonly WithoutGroup[],
): OddColumn[] {
  const undo = inOwnUnits(preprocessing);
  const grouped = new Set(
    groups.flatMap(({ group: { begin, count } }) => Array.from({ length: count }, (_, c) => begin + c)),
  );
  const shareOf = (left: number) => (scores[k] === 0 ? 0 : Math.max(0, 1 - left / scores[k]));
  const single = Array.from(names.keys()).filter((j) => !grouped.has(j));
  const odd: OddColumn[] = [
    ...single.map((j): OddColumn => {
      const { score: left, expected } = repaired[j];
      if (undo === null) return { name: names[j], share: shareOf(left), left };
      const own = { value: undo(valueAt(y, k, j), j), expected: undo(expected, j) };
      return { name: names[j], share: shareOf(left), left, ...own };
    }),
    ...groups.map(({ name, categories }, g): OddColumn => {
      const { own, expected, score: left } = others[g];
      const text = (c: number) => categories[c] ?? 'none of those of training';
      return { name, share: shareOf(left), left, value: text(own), expected: text(expected) };
    }),
  ];
  odd.sort((a, b) => (a.left ?? 0) - (b.left ?? 0));
  return odd.slice(0, NAMED).filter(({ share }, i) => i === 0 || share >= 0.5 * odd[0].share);
}

/** The columns that most of the squared error comes from. */
function byShare(
  { y, reconstruction, scores, names }: Scored,
  { preprocessing }: SavedModel,
  k: number,
  parts: Float64Array,
): OddColumn[] {
  const undo = inOwnUnits(preprocessing);
  return Array.from(names.keys())
    .sort((a, b) => parts[b] - parts[a] || a - b)
    .slice(0, NAMED)
    .map((j): OddColumn => {
      const share = scores[k] === 0 ? 0 : parts[j] / scores[k];
      if (undo === null) return { name: names[j], share };
      return { name: names[j], share, value: undo(valueAt(y, k, j), j), expected: undo(reconstruction.get(k, j), j) };
    })
    .filter(({ share }, i) => i === 0 || share >= LEAST_SHARE);
}

function valueAt({ data, stride, offset, unit = 1 }: View<AnyNumbers>, k: number, j: number): number {
  return numberAt(data, offset + k * stride[0] + j * stride[1]) / unit;
}
