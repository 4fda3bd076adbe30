import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../harness/report.ts';
import type { Saved } from '../harness/saved.ts';

/** One report with where it comes from: an element of bench/saved/NAME.json. */
export interface Kept extends Omit<Saved, 'reports' | 'only'> {
  readonly report: Report;
}

/** What tells runs of one report apart: V8 and its flags. */
function engineOf({ machine }: Pick<Kept, 'machine'>): string {
  return [machine.node.replace(/^v/, '').split('.')[0], ...machine.flags].join(' ');
}

/** The rows of a run of some of them, in the place of the old ones or after them. @throws Error where the columns differ. */
export function joined(old: Report, part: Report): Report {
  if (old.columns.join() !== part.columns.join()) {
    throw new Error(
      `${part.title}: a part has the columns ${part.columns.join(', ')}, the kept results ${old.columns.join(', ')}: run it whole, or with the same --nodes`,
    );
  }
  const [rows, records] = [[...old.rows], [...old.records]];
  for (const row of part.rows) {
    const at = rows.findIndex(([name]) => name === row[0]);
    if (at < 0) rows.push(row);
    else rows[at] = row;
  }
  const again = new Set(part.records.map(({ row }) => row));
  return { ...part, rows, records: [...records.filter(({ row }) => !again.has(row)), ...part.records] };
}

/** Kept results with a new run among them: in the place of that of the same engine, or joined to it if it is a part. */
export function withRun(kept: readonly Kept[], name: string, { reports, only, ...from }: Saved): Kept[] {
  const run = { ...from, report: reports[name] };
  const old = kept.find((each) => engineOf(each) === engineOf(run));
  if (old === undefined) return [...kept, run];
  const whole = only === null ? run : { ...run, report: joined(old.report, run.report) };
  return kept.map((each) => (each === old ? whole : each));
}

export function readKept(folder: string, name: string): Kept[] {
  const path = join(folder, `${name}.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Kept[]) : [];
}

/** Takes saved runs among the kept ones. */
export function keep(folder: string, saved: Saved): void {
  for (const name of Object.keys(saved.reports)) {
    const kept = withRun(readKept(folder, name), name, saved);
    writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(kept, null, 1)}\n`);
  }
}
