import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { InputError } from '../../errors.ts';
import { assertUnlocked } from '../../node/folder-lock.ts';
import { makeFolder } from '../../node/folders.ts';
import { writeWhole } from '../../node/run-folder.ts';
import { begin, ran, signalOf } from '../child.ts';
import { type HandOut, pause } from './hand-out.ts';
import type { PlannedRun, SweepPlan } from './plan.ts';
import { nothing, type RunResult, readResult, stateOfFolder } from './run-result.ts';

/** Where each run's config is, as `rhohat train --config` reads it. */
export const CONFIGS = 'configs';

/** A run's process of a sweep that was killed saves and ends within this. */
const LEAVING_MS = 120_000;
const LOOK_MS = 100;
/** A run whose folder another process took, or left, is looked at anew so many times. */
const MOST_TRIES = 5;

/** How a sweep is carried out. */
export interface Carrying {
  readonly folder: string;
  readonly jobs: number;
  readonly threads: number;
  readonly signal: AbortSignal;
  /** Told of each run that begins, and of each that has ended; with `kept`, in an earlier process. */
  onBegin(run: PlannedRun): void;
  onEnd(run: PlannedRun, result: RunResult, kept: boolean): Promise<void>;
  /** Of several processes: which of them has which run. */
  readonly shared?: Shared | undefined;
}

/** How several processes carry out a sweep together. */
export interface Shared {
  readonly handOut: HandOut;
  /** Whether this process waits for the results of all. */
  readonly leads: boolean;
  /** How long a run takes, beside others: the longest begin first, so that no process is left with one at the end. */
  lasts(run: PlannedRun): number;
}

/**
 * Carries out the runs of a plan that have not ended, `jobs` at once, each a process of its own: what was begun goes on, the rest
 * begins. Aborting ends the processes, which save a checkpoint. A run that fails ends none of the others. With other processes that do
 * the same the results are of all runs in the first of them, and of its own in each other.
 */
export async function carryOut(plan: SweepPlan, carrying: Carrying): Promise<Map<string, RunResult>> {
  const { folder, jobs, signal, shared } = carrying;
  const results = new Map<string, RunResult>();
  const left: PlannedRun[] = [];
  await makeFolder(resolve(folder, CONFIGS)).catch((error: Error) => {
    throw new InputError(`${folder} cannot be written: ${error.message}; choose another --out`);
  });
  for (const run of plan.runs) {
    if ((await stateOfFolder(join(folder, run.name))) === 'finished') {
      results.set(run.name, await resultOf(join(folder, run.name)));
      await carrying.onEnd(run, results.get(run.name) ?? nothing, true);
    } else left.push(run);
  }
  // What was begun comes first: it holds a checkpoint that grows old.
  const begun = new Set<string>();
  for (const { name } of left) if ((await stateOfFolder(join(folder, name))) === 'unfinished') begun.add(name);
  const waiting = left.filter(({ name }) => !begun.has(name));
  if (shared !== undefined) waiting.sort((a, b) => shared.lasts(b) - shared.lasts(a));
  const queue = [...left.filter(({ name }) => begun.has(name)), ...waiting];
  const worker = async () => {
    for (let run = queue.shift(); run !== undefined && !signal.aborted; run = queue.shift()) {
      if (shared !== undefined && !(await shared.handOut.take(run.name))) continue;
      carrying.onBegin(run);
      const result = await carryOne(run, plan, carrying);
      results.set(run.name, result);
      await shared?.handOut.end(run.name, result);
      if (!signal.aborted) await carrying.onEnd(run, result, false);
    }
  };
  const work = Array.from({ length: jobs }, worker);
  if (shared?.leads) work.push(othersEnd(left, results, carrying, shared.handOut));
  await Promise.all(work);
  return results;
}

/** Takes over what became of runs that other processes have, until there is none left; after a signal, until all have stopped. */
async function othersEnd(
  runs: readonly PlannedRun[],
  results: Map<string, RunResult>,
  { signal, onEnd }: Carrying,
  handOut: HandOut,
): Promise<void> {
  for (let stopped: number | null = null; ; await pause()) {
    if (signal.aborted) stopped ??= performance.now();
    const missing = runs.filter(({ name }) => !results.has(name));
    const isOver = stopped !== null && (performance.now() - stopped > LEAVING_MS || !(await handOut.isRunning()));
    for (const [name, result] of await handOut.endedOf(missing.map(({ name }) => name))) {
      results.set(name, result);
      const run = runs.find((one) => one.name === name);
      if (run !== undefined && !signal.aborted) await onEnd(run, result, false);
    }
    if (runs.every(({ name }) => results.has(name)) || isOver) return;
  }
}

async function carryOne(run: PlannedRun, plan: SweepPlan, carrying: Carrying): Promise<RunResult> {
  const { folder, threads, signal } = carrying;
  const path = join(folder, run.name);
  for (let tries = 1; ; tries++) {
    const held = await left(path, signal);
    if (signal.aborted) return partial(path);
    if (held !== null) return failed(held);
    const state = await stateOfFolder(path);
    if (state === 'finished') return resultOf(path);
    const config = join(folder, CONFIGS, `${run.name}.json`);
    if (state === 'waiting') await writeWhole(config, `${JSON.stringify(run.run, null, 1)}\n`);
    const from = state === 'waiting' ? begins(config, path, plan) : [`--resume=${path}`];
    const ended = await ran(begin(['train', ...from, `--threads=${threads}`]), signal);
    if (ended.status === 0) return resultOf(path);
    if (signal.aborted) return partial(path);
    // Another process held the folder, or has written into it meanwhile.
    if (ended.status === 2 && tries < MOST_TRIES && /is in use by process|unfinished run/.test(ended.says)) continue;
    const by = signalOf(ended);
    if (by !== null) {
      return { ...(await partial(path)), says: `ended by ${by}: --resume goes on with it` };
    }
    return failed(ended.says || `it ended with exit status ${ended.status}`);
  }
}

/** The command of a run that begins. */
function begins(config: string, path: string, { flags }: SweepPlan): string[] {
  const { labels, device, deterministic, fastFloat64, turbo, checkpointEvery } = flags;
  return [
    `--config=${config}`,
    `--out=${path}`,
    ...(labels === undefined ? [] : [`--labels=${labels}`]),
    ...(device === undefined ? [] : [`--device=${device}`]),
    ...(deterministic ? ['--deterministic'] : []),
    ...(turbo === undefined ? [] : [turbo ? '--turbo' : '--no-turbo']),
    ...(fastFloat64 ? ['--fast-float64'] : []),
    ...(checkpointEvery === undefined ? [] : [`--checkpoint-every=${checkpointEvery}`]),
  ];
}

/** Waits until no process writes into a folder, as one of a sweep that was killed may do for a moment: why it still does; or null. */
async function left(path: string, signal: AbortSignal): Promise<string | null> {
  for (const began = performance.now(); ; ) {
    const held = await assertUnlocked(path).then(
      () => null,
      (error: Error) => error.message,
    );
    if (held === null || signal.aborted) return null;
    if (performance.now() - began > LEAVING_MS) return held;
    await wait(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** What a folder says; of one that says nothing, why. */
async function resultOf(path: string): Promise<RunResult> {
  return readResult(path).catch((error: Error) => ({ ...nothing, state: 'finished', says: error.message }));
}

/** Of a run that did not come to its end. */
async function partial(path: string): Promise<RunResult> {
  return readResult(path).catch(() => nothing);
}

function failed(says: string): RunResult {
  return { ...nothing, state: 'failed', says };
}
