import { join } from 'node:path';
import { InputError } from '../../errors.ts';
import { type Point, thin } from '../../figures/thin.ts';
import { CheckpointFiles } from '../../node/checkpoint-file.ts';
import { EARLIER } from '../../node/earlier-run.ts';
import { assertUnlocked } from '../../node/folder-lock.ts';
import { entriesOf } from '../../node/folders.ts';
import { MODEL_FILE } from '../../node/model-files.ts';
import { readJson } from '../../node/read-json.ts';
import { RUN_FILE } from '../../node/unfinished-run.ts';
import { isSameRun } from '../../report/same-run.ts';
import type { HistoryEntry } from '../../training/history.ts';
import { historySoFar } from '../../training/position.ts';
import { parseRun, type Run } from '../../training/run.ts';
import { readSummaryFile, SUMMARY_FILE } from '../report/summary-file.ts';

/** `waiting`: not begun. `failed`: it ended with an error, which `says` tells. */
export type ResultState = 'finished' | 'interrupted' | 'unfinished' | 'running' | 'failed' | 'waiting';

/** What a run folder says of its run; null is what it does not say. */
export interface RunResult {
  readonly state: ResultState;
  readonly says: string | null;
  readonly run: Run | null;
  /** Reconstruction error of the held-out examples, of the epoch whose parameters the model has. */
  readonly validation: number | null;
  readonly cost: number | null;
  /** 1 − the share of the variance that is unexplained, of the training examples. */
  readonly explainedVariance: number | null;
  readonly l0: number | null;
  readonly units: number | null;
  readonly dead: number | null;
  readonly epochs: number | null;
  readonly steps: number | null;
  readonly seconds: number | null;
  /** Over epochs, at most 500 points each. */
  readonly curves: { readonly cost: readonly Point[]; readonly validation: readonly Point[] };
}

const MOST_POINTS = 500;

/** Of a run that has no folder. */
export const nothing: RunResult = {
  ...{ state: 'waiting', says: null, run: null, validation: null, cost: null, explainedVariance: null, l0: null },
  ...{ units: null, dead: null, epochs: null, steps: null, seconds: null },
  curves: { cost: [], validation: [] },
};

/** Whether a folder's run has ended, has begun, or has not. @throws InputError where it is no folder. */
export async function stateOfFolder(path: string): Promise<'finished' | 'unfinished' | 'waiting'> {
  const entries = await entriesOf(path);
  if (entries?.includes(RUN_FILE) || entries?.includes(EARLIER)) return 'unfinished';
  return entries?.includes(MODEL_FILE) ? 'finished' : 'waiting';
}

/** What a run folder says. @throws InputError where it holds no run, or its files are damaged. */
export async function readResult(path: string): Promise<RunResult> {
  const entries = await entriesOf(path);
  const state = await stateOfFolder(path);
  if (state === 'unfinished') return unfinished(path, entries?.includes(SUMMARY_FILE) === true);
  if (entries?.includes(SUMMARY_FILE)) return ofSummary(await readSummaryFile(join(path, SUMMARY_FILE)), path);
  const what = entries === null ? 'there is no such folder' : 'it holds no run that can be compared';
  throw new InputError(`${path}: ${what}: name folders that rhohat train, stack or sweep wrote`);
}

/** Of a run that a signal or a kill ended, or that goes on: as far as its last checkpoint, or its summary, tells. */
async function unfinished(path: string, hasSummary: boolean): Promise<RunResult> {
  const isRunning = await assertUnlocked(path).then(
    () => false,
    () => true,
  );
  const { run: given } = ((await readJson(join(path, RUN_FILE)).catch(() => null)) ?? {}) as { run?: unknown };
  const run = given === undefined ? null : parseRun(given);
  const found = await new CheckpointFiles(path).read().catch(() => null);
  const summary =
    found === null && hasSummary ? ofSummary(await readSummaryFile(join(path, SUMMARY_FILE)), path) : nothing;
  // Where --force began anew it is that of an earlier run.
  const isOwn = summary.state === 'interrupted' && isSameRun(summary.run, run);
  const before = isOwn ? summary : nothing;
  const history = found === null ? [] : historySoFar(found.checkpoint.position);
  return {
    ...before,
    ...(found === null ? {} : ofHistory(history, undefined)),
    run,
    state: isRunning ? 'running' : 'unfinished',
    says: isRunning ? 'it goes on' : `go on with rhohat train --resume ${path}`,
  };
}

/** What is read of a summary: any of it may be missing. */
interface SummaryLike {
  readonly run?: unknown;
  readonly interrupted?: unknown;
  readonly seconds?: unknown;
  readonly kept?: unknown;
  readonly parameters?: unknown;
  readonly metrics?: {
    readonly varianceUnexplained?: unknown;
    readonly deadUnits?: unknown;
    readonly meanActivations?: unknown;
  };
  readonly inspection?: { readonly l0?: unknown; readonly units?: unknown };
  readonly history?: unknown;
}

function ofSummary(json: unknown, path: string): RunResult {
  const summary = (typeof json === 'object' && json !== null ? json : {}) as SummaryLike;
  if (summary.run === undefined || !Array.isArray(summary.history)) {
    throw new InputError(
      `${join(path, SUMMARY_FILE)} is not of an autoencoder: give folders that rhohat train, stack or sweep wrote`,
    );
  }
  const { metrics, inspection } = summary;
  const unexplained = numberOf(metrics?.varianceUnexplained);
  const dead = metrics?.deadUnits;
  return {
    ...nothing,
    ...ofHistory(summary.history.filter(isEntry), numberOf(summary.kept) ?? undefined),
    state: summary.interrupted === true ? 'interrupted' : 'finished',
    run: parseRun(summary.run),
    explainedVariance: unexplained === null ? null : 1 - unexplained,
    l0: numberOf(inspection?.l0),
    units:
      numberOf(inspection?.units) ?? (Array.isArray(metrics?.meanActivations) ? metrics.meanActivations.length : null),
    dead: Array.isArray(dead) ? dead.length : null,
    seconds: numberOf(summary.seconds),
  };
}

/** `kept`: the epoch whose parameters the model has, where it is not the last. */
function ofHistory(history: readonly HistoryEntry[], kept: number | undefined): Partial<RunResult> {
  const last = history[history.length - 1];
  if (last === undefined) return {};
  const own = (kept ? history.find(({ epoch }) => epoch === kept) : undefined) ?? last;
  const points = (value: (entry: HistoryEntry) => number | undefined) =>
    thin(
      history.flatMap((entry): Point[] => {
        const y = value(entry);
        return typeof y === 'number' && Number.isFinite(y) ? [[entry.epoch, y]] : [];
      }),
      MOST_POINTS,
    );
  const validation = points((entry) => entry.validation);
  return {
    validation: numberOf(own.validation) ?? (kept ? null : (validation[validation.length - 1]?.[1] ?? null)),
    cost: numberOf(own.cost),
    epochs: numberOf(last.epoch),
    steps: numberOf(last.step),
    curves: { cost: points((entry) => entry.cost), validation },
  };
}

function isEntry(entry: unknown): entry is HistoryEntry {
  const { epoch, step } = (entry ?? {}) as Partial<HistoryEntry>;
  return Number.isFinite(epoch) && Number.isFinite(step);
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
