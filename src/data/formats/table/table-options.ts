import type { ColumnName, CsvOptions } from '../csv-columns.ts';
import type { Treatment } from './treatment.ts';

/** How a table of any format is read, and what becomes of its columns. */
export interface TableOptions extends CsvOptions {
  /** Columns that are no inputs. */
  readonly without?: readonly ColumnName[] | undefined;
  /** A column that holds the classes of the examples, as whole numbers or as texts: they come back as `labels`. */
  readonly label?: ColumnName | undefined;
  /** The names of the classes, where they are known: other texts are refused. */
  readonly classes?: readonly string[] | undefined;
  /** 'keep' leaves gaps as NaN, for a step that fills them; 'drop' leaves their rows out. Default: they are refused. */
  readonly gaps?: 'keep' | 'drop' | undefined;
  /** What was done to the columns of the data that a model was trained on: new ones are treated alike. */
  readonly treatment?: Treatment | undefined;
}
