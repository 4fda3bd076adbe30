import { show } from '../../../errors.ts';
import type { TreatedColumn, Treatment } from './treatment.ts';

const SHOWN = 6;

/** What becomes of the columns of a table, a line for each kind: "one-hot: pump (A, B, C)". */
export function treatmentLines({ inputs, id, leftOut = [] }: Treatment): string[] {
  const of = (as: TreatedColumn['as']) => inputs.filter((column) => column.as === as);
  const categories = of('category').map((column) => `${nameShown(column)} (${categoriesShown(column)})`);
  const lists = of('list').map((column) => `${nameShown(column)} (${column.as === 'list' ? column.width : 0} numbers)`);
  return [
    line('numbers as they are', of('number').map(nameShown)),
    line('true and false as 1 and 0', of('boolean').map(nameShown)),
    line('lists of numbers', lists),
    line('one input a category', categories),
    line('names of the examples, no input', id === undefined ? [] : [shown(`${id}`)]),
    line(
      'left out',
      leftOut.map(({ name, why }) => `${shown(name)} (${why})`),
    ),
  ].filter((text) => text !== null);
}

function line(kind: string, columns: readonly string[]): string | null {
  if (columns.length === 0) return null;
  const more = columns.length > SHOWN ? `, … (${columns.length} columns)` : '';
  return `${kind}: ${columns.slice(0, SHOWN).join(', ')}${more}`;
}

function categoriesShown(column: TreatedColumn): string {
  if (column.as !== 'category') return '';
  const { categories } = column;
  return categories.length > SHOWN
    ? `${categories.length} categories`
    : categories.map((category) => shown(category)).join(', ');
}

const nameShown = ({ name, position }: TreatedColumn) => (name === undefined ? `column ${position}` : shown(name));

/** A text of a file for a line: short, and without what would end it or move the cursor. */
function shown(text: string): string {
  return /^[\p{L}\p{N}_ .=/-]{1,40}$/u.test(text) ? text : show(text);
}
