import { matrix } from '../../../array/matrix.ts';
import { elementsOf, storageLike } from '../../../array/numbers.ts';
import { InputError } from '../../../errors.ts';
import type { Examples } from '../../examples.ts';
import { chooseTreatment } from './choose-treatment.ts';
import { gapsText, linesText, refuseGaps, wholeRows } from './gaps.ts';
import { labelsOf } from './labels.ts';
import { type Column, GAP, isTexts, type Table } from './table.ts';
import type { TableOptions } from './table-options.ts';
import { inputNames, treatTable } from './treat-table.ts';
import type { Treatment } from './treatment.ts';
import { treatmentLines } from './treatment-lines.ts';
import type { WantedColumns } from './wanted-columns.ts';

/**
 * The rows of a table as examples, each column treated as it was in training or as `chooseTreatment` finds; what was done is in
 * `notes` and `treatment`. Gaps are refused, kept as NaN, or their rows left out, as `gaps` says; `lines` stand beside rows of
 * texts. Throws InputError as the parts do, and where no row is left.
 */
export function tableExamples(table: Table, wanted: WantedColumns, options: TableOptions): Examples {
  const { gaps, classes } = options;
  const { treatment, id } = treated(table, wanted, options);
  const at = new Map(table.columns.map((column) => [column.position - 1, column]));
  const columnAt = (place: number) => at.get(place) as Column;
  const places =
    wanted.treated === undefined ? treatment.inputs.map(({ position }) => position - 1) : [...wanted.inputs];
  const columns = places.map(columnAt);
  const label = wanted.label === undefined ? undefined : columnAt(wanted.label);
  const notes = [...(table.notes ?? []), ...treatmentLines(treatment)];
  if (gaps === undefined) refuseGaps(table, columns, wanted.treated !== undefined);
  const found = gapsText(table, columns);
  const rows =
    gaps === 'drop'
      ? wholeRows(table, label === undefined ? columns : [...columns, label])
      : Uint32Array.from({ length: table.rows }, (_, row) => row);
  if (rows.length === 0)
    throw new InputError(`${table.what}: every row has a gap, so none is left: fill them (--fill)`);
  const isWhole = rows.length === table.rows;
  if (!isWhole) {
    notes.push(
      `${table.rows - rows.length} of ${table.rows} rows have gaps and are left out: ${linesText(table, rows)}`,
    );
  } else if (found !== null) notes.push(`gaps: ${found.text}`);
  const made = treatTable(table, columns, treatment);
  for (const [name, count] of made.unknown) {
    notes.push(`${name}: ${count} of ${table.rows} cells are of categories that training did not show: all zeros`);
  }
  const { lines } = table;
  const names = inputNames(treatment);
  return {
    x: isWhole ? made.x : rowsOf(made.x, rows),
    unit: 1,
    ...(names === undefined ? {} : { columns: names }),
    treatment,
    cells: table.width,
    ...(id === undefined ? {} : { ids: idsOf(id, rows) }),
    ...(options.lines && lines ? { lines: Array.from(rows, (row) => lines[row]) } : {}),
    ...(label === undefined ? {} : labelsOf(table, label, rows, classes)),
    ...(found === null || gaps === 'drop' ? {} : { gaps: found.count }),
    notes,
  };
}

/** The treatment of training, or what is found; and the column that names the examples. */
function treated(table: Table, wanted: WantedColumns, { treatment, match }: TableOptions) {
  const own = wanted.id === undefined ? undefined : table.columns.find(({ position }) => position - 1 === wanted.id);
  if (treatment !== undefined) return { treatment, id: own };
  const chosen = chooseTreatment(table, wanted);
  // A model that knows its columns by name alone was trained on numbers.
  const strange = match && chosen.treatment.inputs.find(({ as }) => as !== 'number');
  if (strange) {
    throw new InputError(
      `${table.what}: the column ${strange.name ?? strange.position} holds no numbers, and the model was trained on numbers there: give a table of the same kind`,
    );
  }
  return { treatment: chosen.treatment as Treatment, id: chosen.id };
}

/** What the rows are called. */
export function idsOf({ cells }: Column, rows: Uint32Array): string[] {
  if (isTexts(cells)) {
    return Array.from(rows, (row) => (cells.codes[row] === GAP ? '' : cells.words[cells.codes[row]]));
  }
  return Array.from(rows, (row) => `${cells.values[row]}`);
}

/** Rows of a row-major matrix, copied. */
function rowsOf(x: Examples['x'], rows: Uint32Array): Examples['x'] {
  const d = x.shape[1];
  const out = storageLike(x.data, rows.length * d);
  const [to, from] = [elementsOf(out), elementsOf(x.data)]; // copied as they are stored
  rows.forEach((row, i) => {
    for (let j = 0; j < d; j++) to[i * d + j] = from[row * d + j];
  });
  return matrix(out, rows.length, d);
}
