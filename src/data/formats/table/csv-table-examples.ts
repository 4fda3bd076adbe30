import type { Examples } from '../../examples.ts';
import { csvExamples } from '../csv.ts';
import { isOfCell } from '../csv-numbers.ts';
import { hasIdName } from './choose-treatment.ts';
import { csvTable } from './csv-table.ts';
import { tableExamples } from './table-examples.ts';
import type { TableOptions } from './table-options.ts';

/**
 * The examples of a CSV file whatever its columns hold: `csvExamples` where all that is read are numbers; otherwise each column
 * is treated as what it holds (see `tableExamples`). Throws InputError as both do.
 */
export function csvTableExamples(bytes: Uint8Array, options: TableOptions = {}): Examples {
  const { without, label, classes: _, gaps, treatment, ...csv } = options;
  if (without === undefined && label === undefined && treatment === undefined && gaps === undefined) {
    try {
      const examples = csvExamples(bytes, csv);
      const asked = csv.columns !== undefined || csv.match !== undefined || csv.id !== undefined;
      if (asked || !examples.columns?.some(hasIdName)) return examples;
    } catch (error) {
      if (!isOfCell(error)) throw error;
    }
  }
  const { table, wanted } = csvTable(bytes, options);
  return tableExamples(table, wanted, options);
}
