import { widthOf } from '../../data/formats/table/treat-table.ts';
import type { Group } from '../../measures/without-groups.ts';
import type { SavedModel } from '../../training/model-file.ts';
import { savedData } from '../run/saved-data.ts';

/** Below this share of a column's deviation a value is 0: what rounding leaves. */
const NOTHING = 1e-5;

/** What undoes preprocessing column by column; null where it mixes them. What filled gaps needs no undoing. */
export function inOwnUnits(given: SavedModel['preprocessing']): ((value: number, column: number) => number) | null {
  const steps = given.filter(({ kind }) => kind !== 'fill');
  if (steps.length === 0) return (value) => value;
  const [step] = steps;
  if (steps.length > 1 || step.kind !== 'standardize') return null;
  return (value, j) => {
    const deviation = step.deviation.data[j];
    const own = value * deviation + step.mean.data[j];
    return Math.abs(own) < NOTHING * deviation ? 0 : own;
  };
}

/** The inputs that one column of categories became. */
export interface CategoryGroup {
  readonly name: string;
  readonly categories: readonly string[];
  readonly group: Group;
}

/** The categories of a model of a table; none where preprocessing mixes columns. */
export function groupsOf(saved: SavedModel): CategoryGroup[] {
  const { treatment } = savedData(saved).data.table ?? {};
  const steps = saved.preprocessing.filter(({ kind }) => kind !== 'fill');
  const [step] = steps;
  if (treatment === undefined || steps.length > 1 || (step !== undefined && step.kind !== 'standardize')) return [];
  const treated = (value: number, j: number) =>
    step?.kind === 'standardize' ? (value - step.mean.data[j]) / step.deviation.data[j] : value;
  let begin = 0;
  return treatment.inputs.flatMap((column) => {
    const first = begin;
    begin += widthOf(column);
    if (column.as !== 'category' || column.categories.length < 2) return [];
    const group = {
      begin: first,
      count: column.categories.length,
      on: (c: number) => treated(1, first + c),
      off: (c: number) => treated(0, first + c),
    };
    return [{ name: column.name ?? `column ${column.position}`, categories: column.categories, group }];
  });
}
