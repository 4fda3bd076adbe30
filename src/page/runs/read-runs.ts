import type { RunState, RunView } from '../../report/run-view.ts';
import { isRecord, whole } from './plain.ts';

const STATES: readonly RunState[] = ['running', 'unfinished', 'finished', 'interrupted'];
const MOST_RUNS = 200;
const MOST_KEYS = 500;

/** The runs of runs.json; null where it is something else. What of a run makes no sense is left out. */
export function readRuns(value: unknown): readonly RunView[] | null {
  if (!isRecord(value) || !Array.isArray(value.runs)) return null;
  return value.runs.slice(0, MOST_RUNS).map(readRun);
}

function readRun(value: unknown, i: number): RunView {
  const run = isRecord(value) ? value : {};
  return {
    name: text(run.name) || `run ${i + 1}`,
    folder: text(run.folder),
    state: STATES.find((state) => state === run.state) ?? 'unfinished',
    says: text(run.says),
    steps: whole(run.steps, 1),
    epochs: whole(run.epochs, 1),
    settings: texts(run.settings),
    results: texts(run.results),
    hasSnapshot: run.hasSnapshot === true,
    hasReport: run.hasReport === true,
  };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function texts(value: unknown): Readonly<Record<string, string>> {
  if (!isRecord(value)) return {};
  const entries = Object.entries(value).slice(0, MOST_KEYS);
  return Object.fromEntries(entries.map(([key, own]) => [key, typeof own === 'string' ? own : JSON.stringify(own)]));
}
