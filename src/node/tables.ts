import { extname } from 'node:path';
import type { Examples } from '../data/examples.ts';
import { csvTableExamples } from '../data/formats/table/csv-table-examples.ts';
import type { TableOptions } from '../data/formats/table/table-options.ts';

/** The examples of a table, told by the ending of its name: CSV where nothing else is. @throws InputError as the readers do. */
export async function readTable(name: string, bytes: Uint8Array, options: TableOptions): Promise<Examples> {
  switch (extname(name).toLowerCase()) {
    case '.jsonl':
    case '.ndjson':
      return (await import('../data/formats/json-lines.ts')).jsonLinesExamples(bytes, options);
    case '.parquet':
      return (await import('../data/formats/parquet/parquet-examples.ts')).parquetExamples(bytes, options);
    case '.arrow':
    case '.feather':
      return (await import('../data/formats/arrow/arrow-examples.ts')).arrowExamples(bytes, options);
    case '.libsvm':
    case '.svm':
    case '.svmlight':
      return (await import('../data/formats/libsvm.ts')).libsvmExamples(bytes, options);
    default:
      return csvTableExamples(bytes, options);
  }
}
