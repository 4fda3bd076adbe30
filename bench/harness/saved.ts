import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import type { Machine, Report } from './report.ts';

/** What --json writes: the reports of one command, by name. */
export interface Saved {
  readonly command: string;
  /** Of the source, with a + where it had changed since; null outside of a repository. */
  readonly commit: string | null;
  readonly machine: Machine & { readonly peers: readonly string[] };
  /** A text that left rows of the reports out: they are part of a whole. */
  readonly only: string | null;
  readonly reports: Readonly<Record<string, Report>>;
}

/** The command as npm runs it, without what says where results go. */
export function commandLine(script: string, given: readonly string[]): string {
  const kept: string[] = [];
  for (let i = 0; i < given.length; i++) {
    if (['--json', '--plot'].includes(given[i])) i++;
    else kept.push(given[i].replace(/((?:^|,|=)(?:\d[\d.]*=)?)\/\S*?(?=,|$)/g, '$1…')); // paths are of no use elsewhere
  }
  const quoted = kept.map((each) => (/\s/.test(each) ? `'${each}'` : each));
  return ['npm run', script, ...(quoted.length > 0 ? ['--', ...quoted] : [])].join(' ');
}

export function currentCommit(): string | null {
  const git = (...args: string[]) =>
    execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const changed = git('status', '--porcelain', '--untracked-files=no').trim() !== '';
    return `${git('rev-parse', '--short=10', 'HEAD').trim()}${changed ? '+' : ''}`;
  } catch {
    return null;
  }
}

export function save(path: string, saved: Saved): void {
  writeFileSync(path, `${JSON.stringify(saved, null, 1)}\n`);
}
