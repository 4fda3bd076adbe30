import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseJson } from '../../data/formats/json.ts';
import { InputError } from '../../errors.ts';
import { isSummary } from '../../report/is-summary.ts';
import { readSnapshot } from '../../report/read-snapshot.ts';
import { resultsOf } from '../../report/results.ts';
import type { RunAccount } from '../../report/run-account.ts';
import type { Summary } from '../../report/run-summary.ts';
import type { RunState, RunView } from '../../report/run-view.ts';
import { isSameRun } from '../../report/same-run.ts';
import { flatSettings } from '../../report/settings.ts';
import type { HistoryEntry } from '../../training/history.ts';
import { parseRun, type Run } from '../../training/run.ts';
import { METRICS_FILE, RUN_FILE, SNAPSHOT_FILE } from '../earlier-run.ts';
import { assertUnlocked } from '../folder-lock.ts';
import { readMetrics } from '../metrics-log.ts';
import { kindOfPath } from '../read-bytes.ts';
import { readText } from '../read-json.ts';

export const REPORT_FILE = 'report.html';
export const SUMMARY_FILE = 'summary.json';
/** What a page is told of: a summary with more is of a run of millions of epochs. */
const LIMIT_BYTES = 2 ** 26;

/** What run.json says, of the keys that are looked at. */
export interface Begun {
  readonly run: Run;
  readonly about?: {
    readonly examples: number;
    readonly read?: string;
    readonly steps: number;
    readonly epochs: number;
  };
}

/** Reads what a run folder shows, as it changes. What is damaged is taken as if it were not there. */
export class RunReader {
  readonly folder: string;
  private readonly name: string;
  private readonly kept = new Map<string, { readonly at: number; readonly size: number; readonly value: unknown }>();

  constructor(folder: string, name: string) {
    this.folder = folder;
    this.name = name;
  }

  /** @throws InputError where the folder holds no run. */
  async assertRun(): Promise<void> {
    const { folder } = this;
    if ((await kindOfPath(folder)) !== 'folder')
      throw new InputError(`${folder}: there is no such folder: name a run folder`);
    const found = await Promise.all(
      [RUN_FILE, SUMMARY_FILE, METRICS_FILE].map((file) => kindOfPath(join(folder, file))),
    );
    if (found[0] === undefined) await this.assertNoClassifier();
    if (found.includes('file')) return;
    throw new InputError(`${folder}: it holds no run: name a folder that rhohat train wrote`);
  }

  async view(): Promise<RunView> {
    const { folder, name } = this;
    const [begun, summary, state] = [await this.begun(), await this.summary(), await this.state()];
    const isOver = state === 'finished' || state === 'interrupted';
    const run = (isOver ? null : begun?.run) ?? summary?.run ?? begun?.run;
    return {
      name,
      folder,
      state,
      says: saysOf(state, folder),
      steps: (isOver ? summary?.last?.step : begun?.about?.steps) ?? null,
      epochs: (isOver ? summary?.last?.epoch : begun?.about?.epochs) ?? null,
      settings: settingsOf(run),
      results: isOver && summary !== null ? or({}, () => resultsOf(summary)) : {},
      hasSnapshot: (await isFile(join(folder, SNAPSHOT_FILE))) !== null,
      hasReport: (isOver || summary !== null) && (await this.hasReport(isOver)),
    };
  }

  /** A report of what the run was before it was taken up again, or of an earlier run, is none. */
  private async hasReport(isOver: boolean): Promise<boolean> {
    const [report, metrics] = await Promise.all(
      [REPORT_FILE, METRICS_FILE].map((name) => isFile(join(this.folder, name))),
    );
    return report !== null && (isOver || metrics === null || report.mtimeMs >= metrics.mtimeMs);
  }

  /** All that the folder says, for a report. @throws InputError where the summary of a run that is over is damaged. */
  async account(): Promise<RunAccount> {
    const { folder } = this;
    const [begun, summary, state] = [await this.begun(), await this.summary(), await this.state()];
    if (state !== 'running' && state !== 'unfinished' && summary === null) await this.assertNoSummary();
    const own = (await this.json(RUN_FILE)) as { command?: unknown } | null;
    const command = summary?.command ?? own?.command;
    const lines = await readMetrics(folder);
    const isOver = state === 'finished' || state === 'interrupted';
    // One that was interrupted has results; they are of its last process as long as no later one went further.
    const isCurrent =
      summary?.interrupted === true && (summary.last?.step ?? 0) >= (lines[lines.length - 1]?.step ?? 0);
    return {
      folder,
      state,
      says: saysOf(state, folder),
      run: summary?.run ?? begun?.run ?? null,
      command: Array.isArray(command) && command.every((word) => typeof word === 'string') ? command : null,
      summary: isOver || (state === 'unfinished' && isCurrent) ? summary : null,
      about: isOver ? null : (begun?.about ?? null),
      lines,
      snapshot: readSnapshot(await this.json(SNAPSHOT_FILE)),
    };
  }

  /** What was asked, while the run is not over; null afterwards. */
  async begun(): Promise<Begun | null> {
    const value = (await this.json(RUN_FILE)) as { run?: unknown; about?: Begun['about'] } | null;
    return or(null, () =>
      value === null ? null : { run: parseRun(value.run), ...(value.about ? { about: value.about } : {}) },
    );
  }

  /** Of this run: where it is not over, one that --force began has an earlier run's beside it. Null where there is none. */
  async summary(): Promise<Summary | null> {
    const summary = await this.json(SUMMARY_FILE);
    if (!isSummary(summary)) return null;
    if ((await isFile(join(this.folder, RUN_FILE))) === null) return summary;
    const begun = await this.begun();
    return summary.interrupted && begun !== null && isSameRun(summary.run, begun.run) ? summary : null;
  }

  async state(): Promise<RunState> {
    const isBegun = (await isFile(join(this.folder, RUN_FILE))) !== null;
    const isHeld = await assertUnlocked(this.folder).then(
      () => false,
      () => true,
    );
    const summary = await this.summary();
    if (isHeld && (isBegun || summary === null)) return 'running';
    if (isBegun) return 'unfinished';
    return summary?.interrupted === true ? 'interrupted' : 'finished';
  }

  private async assertNoClassifier(): Promise<void> {
    const value = (await this.json(SUMMARY_FILE)) as { run?: unknown; stages?: unknown } | null;
    if (value?.run !== undefined || value?.stages === undefined) return;
    const path = join(this.folder, SUMMARY_FILE);
    throw new InputError(`${path} is not of an autoencoder: give folders that rhohat train, stack or sweep wrote`);
  }

  private async assertNoSummary(): Promise<void> {
    const path = join(this.folder, SUMMARY_FILE);
    if ((await kindOfPath(path)) === undefined) return;
    await this.assertNoClassifier();
    throw new InputError(`${path} is damaged: it must be the summary that rhohat train wrote`);
  }

  /** What a file holds, read again where it is another. */
  private async json(file: string): Promise<unknown> {
    const path = join(this.folder, file);
    const found = await isFile(path);
    if (found === null || found.size > LIMIT_BYTES) return null;
    const kept = this.kept.get(file);
    if (kept?.at === found.mtimeMs && kept.size === found.size) return kept.value;
    const value = await readText(path, LIMIT_BYTES).then(
      (text) => or(null, () => parseJson(text, path)),
      () => null,
    );
    this.kept.set(file, { at: found.mtimeMs, size: found.size, value });
    return value;
  }
}

/** Readers of folders, under names that tell them apart. @throws InputError where one holds no run. */
export async function openRuns(folders: readonly string[]): Promise<RunReader[]> {
  const names = shortNames(folders);
  const readers = folders.map((folder, i) => new RunReader(folder, names[i]));
  for (const reader of readers) await reader.assertRun();
  return readers;
}

/** The history of a run as lines of metrics, for folders of runs that have none. */
export function historyLines(history: readonly HistoryEntry[]): string {
  const nothing = { gradientNorm: null, learningRate: null, examplesPerSecond: null, seconds: 0, l0: null, dead: null };
  return history.map((entry) => `${JSON.stringify({ ...nothing, ...entry })}\n`).join('');
}

/** The last parts of paths, as many of each as tell them apart. */
function shortNames(folders: readonly string[]): string[] {
  const parts = folders.map((folder) => folder.split(/[/\\]+/).filter((part) => part !== '' && part !== '.'));
  return parts.map((own, i) => {
    for (let n = 1; n < own.length; n++) {
      const name = own.slice(-n).join('/');
      if (parts.every((other, j) => j === i || other.slice(-n).join('/') !== name)) return name;
    }
    return folders[i];
  });
}

export function saysOf(state: RunState, folder: string): string {
  if (state === 'running') return 'it trains';
  if (state === 'finished') return 'it has ended';
  if (state === 'interrupted') return 'it was interrupted: the model holds what was learnt until then';
  return `it did not end: rhohat train --resume ${folder} goes on`;
}

function settingsOf(run: Run | undefined): Record<string, string> {
  return or({}, () => (run === undefined ? {} : flatSettings(run)));
}

function or<T>(otherwise: T, make: () => T): T {
  try {
    return make();
  } catch {
    return otherwise;
  }
}

async function isFile(path: string): Promise<{ readonly mtimeMs: number; readonly size: number } | null> {
  const found = await stat(path).catch(() => null);
  return found?.isFile() ? found : null;
}
