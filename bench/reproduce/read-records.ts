import { join } from 'node:path';
import { kindOfPath } from '../../src/node/read-bytes.ts';
import { readJson } from '../../src/node/read-json.ts';
import type { Record_ } from './record.ts';
import { rows } from './rows/index.ts';
import type { Searched } from './search.ts';

/** What was recorded of every row that has been run, by its name: docs/results/<name>.json, and its search. */
export async function readRecords(docs: string): Promise<Map<string, Record_>> {
  const records = new Map<string, Record_>();
  for (const { name } of rows) {
    const record = (await recorded(docs, name)) as Record_ | null;
    const found = (await recorded(docs, `${name}.search`)) as Searched | null;
    if (record) records.set(name, found ? { ...record, search: found } : record);
  }
  return records;
}

async function recorded(docs: string, name: string): Promise<unknown> {
  const path = join(docs, 'results', `${name}.json`);
  return (await kindOfPath(path)) === 'file' ? readJson(path) : null;
}
