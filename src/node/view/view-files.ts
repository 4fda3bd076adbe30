import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { METRICS_FILE, SNAPSHOT_FILE } from '../earlier-run.ts';
import { metricsFrom } from '../metrics-log.ts';
import { readRegular } from '../open-file.ts';
import { historyLines, REPORT_FILE, type RunReader } from './run-reader.ts';

/** What a request is answered with. */
export interface Answer {
  readonly status?: number;
  readonly type: string;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  /** Another content security policy than the page's. */
  readonly policy?: string;
}

/** What a snapshot or a report may have. */
const LIMIT_BYTES = 2 ** 24;
/** The files of the page. */
const PAGE: Readonly<Record<string, string>> = {
  'index.html': 'text/html; charset=utf-8',
  'main.js': 'text/javascript; charset=utf-8',
  'style.css': 'text/css; charset=utf-8',
};
/** A report has no scripts. */
const REPORT_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/** A place in a file of metrics is told as its number among the files that stood there, times this, and the byte. */
const FILES = 2 ** 40;
const MOST_FILES = 2 ** 12;

/** Answers requests for the page, and for what it shows, from the files in run folders. */
export class ViewFiles {
  private readonly page: string;
  private readonly runs: readonly RunReader[];

  /** `page`: the folder of the page's files. */
  constructor(page: string, runs: readonly RunReader[]) {
    this.page = page;
    this.runs = runs;
  }

  /** Of a path below the token, with its query; null where there is nothing. */
  async answer(path: string, known?: string): Promise<Answer | null> {
    const [name, query = ''] = path.split('?');
    const file = name === '' ? 'index.html' : name;
    if (Object.hasOwn(PAGE, file)) return { type: PAGE[file], body: await readRegular(join(this.page, file)) };
    if (name === 'runs.json') {
      const runs = await Promise.all(this.runs.map((run) => run.view()));
      return { type: 'application/json', body: JSON.stringify({ runs }) };
    }
    const [, number, what] = name.match(/^runs\/(\d{1,6})\/(metrics|snapshot\.json|report\.html)$/) ?? [];
    const run = number === undefined ? undefined : this.runs[Number(number)];
    if (run === undefined) return null;
    if (what === 'metrics') return metrics(run, Number(new URLSearchParams(query).get('from') ?? 0));
    if (what === 'snapshot.json') return whole(join(run.folder, SNAPSHOT_FILE), 'application/json', known);
    const report = await whole(join(run.folder, REPORT_FILE), 'text/html; charset=utf-8', known);
    return report && { ...report, policy: REPORT_POLICY };
  }
}

/** Lines from a place on, and where the next ones begin; all of them where another file stands there now. */
async function metrics(run: RunReader, place: number): Promise<Answer | null> {
  const path = join(run.folder, METRICS_FILE);
  const found = await stat(path, { bigint: true }).catch(() => null);
  const type = 'text/plain; charset=utf-8';
  if (found === null) {
    const body = place === 0 ? historyLines((await run.summary())?.history ?? []) : '';
    return { type, body, headers: { 'X-Next': String(body === '' ? place : 1) } };
  }
  const file = Number((found.ino ^ found.birthtimeMs) % BigInt(MOST_FILES));
  const [ofFile, byte] = [Math.floor(place / FILES), place % FILES];
  const goesOn = place === 0 || (ofFile === file && byte <= Number(found.size));
  const read = await metricsFrom(run.folder, goesOn && Number.isSafeInteger(byte) ? byte : 0);
  if (read === null) return null;
  const headers = { 'X-Next': String(file * FILES + read.next), ...(goesOn ? {} : { 'X-Restart': '1' }) };
  return { type, body: read.text, headers };
}

/** A whole file; that it is the one that is known. */
async function whole(path: string, type: string, known: string | undefined): Promise<Answer | null> {
  const found = await stat(path).catch(() => null);
  if (found === null || !found.isFile() || found.size > LIMIT_BYTES) return null;
  const headers = { ETag: `"${found.mtimeMs.toString(36)}-${found.ino}-${found.size}"` };
  if (known === headers.ETag) return { status: 304, type, body: '', headers };
  return { type, body: await readRegular(path, LIMIT_BYTES), headers };
}
