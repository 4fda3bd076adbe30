import { type Command, InvalidArgumentError } from 'commander';
import { InputError } from '../../errors.ts';
import { entriesOf } from '../../node/folders.ts';
import { freeName, openRunFolder, type RunFolder } from '../../node/run-folder.ts';
import { differingSettings } from '../../report/settings.ts';
import { intervalOf } from '../../training/checkpoints/checkpoint-options.ts';
import { planFit } from '../../training/options.ts';
import { addEngineOptions, assertDevice } from '../flags/engine-flags.ts';
import { count, whole } from '../flags/flags.ts';
import { DATA } from '../flags/options.ts';
import { print, say } from '../output.ts';
import { Interruption } from '../run/interruption.ts';
import { type Parallel, parallel } from '../run/parallel.ts';
import { folderStem } from '../run/run-data.ts';
import { trainingWork, type Work } from '../run/turbo.ts';
import { capacity, type Machine, machine } from '../sweep/capacity.ts';
import { carryOut } from '../sweep/carry-out.ts';
import { HandOut } from '../sweep/hand-out.ts';
import { endedLine, sweepLines } from '../sweep/lines.ts';
import { makePlan, type SweepFlags } from '../sweep/make-plan.ts';
import { addShapingOptions } from '../sweep/options.ts';
import { sweepPictures } from '../sweep/pictures.ts';
import { PLAN_FILE, type PlannedRun, planText, readPlan, type SweepPlan, samePlan } from '../sweep/plan.ts';
import { bestJson, combinationsOf, csvOf, jsonOf, type Row, rowsOf } from '../sweep/rows.ts';
import type { RunResult } from '../sweep/run-result.ts';
import { SweepBar } from '../sweep/sweep-bar.ts';

/** Seconds between two writings of the table while runs end. */
const TABLE_EVERY = 10;

/** Settings of which the error is another one. */
const UNLIKE = /^(model\.loss|data\.(?!patches\.seed).*)$/;

/** Declares `rhohat sweep`. */
export function addSweep(program: Command): void {
  const command = program
    .command('sweep')
    .summary('train every combination of some settings, and find the best by validation')
    .description(
      `Trains a run for every combination of the values of --vary and every seed, several at a time, and compares them by the reconstruction error of held-out examples: costs cannot be compared where penalties differ. Writes a folder: a run folder each, ${PLAN_FILE}, sweep.csv, best.json, curves.svg and heatmap.svg.`,
    )
    .argument('[data]', DATA)
    .optionsGroup('Sweep:')
    .option(
      '--vary <key=values>',
      'a key and its values, joined by commas; may be given several times. A key is a flag without its dashes (hidden, learning-rate), or a key of what train --print-config prints, where model., fit. and data. may be left out (sparsity.weight). A value with commas stands in [ ]: hidden=64,[100,30]',
      (given: string, before: string[] = []) => [...before, given],
    )
    .option('--seeds <n>', 'seeds 1 to n, or those of a list such as 1,5,9; of one, 5, (default 1)', seeds)
    .option(
      '--jobs <n>',
      'runs at once (default: one a processor, fewer where memory is short; one with --device gpu or auto)',
      count,
    )
    .option('--resume <folder>', 'go on with a sweep: what has ended is kept, what was begun goes on');
  addShapingOptions(command);
  command
    .optionsGroup('Checkpoints:')
    .option('--checkpoint-every <when>', 'of each run: every 30s, 5min, …, or every n steps (default 60s)', every);
  addEngineOptions(command)
    .optionsGroup('Output:')
    .option('--out <folder>', 'where the sweep goes (default runs/<data>-sweep, numbered)')
    .option('--json', 'print the sweep as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ rhohat sweep table.csv --vary sparsity.weight=1,3 --vary hidden=2,4
  $ rhohat sweep table.csv --vary epochs=1,2 --seeds 3 --out runs/epochs
  $ rhohat sweep --resume runs/epochs  # after Ctrl-C or a crash
  $ rhohat compare runs/epochs         # its runs as a table

Without --held-out a tenth of the examples is held out. Runs have the bits that
rhohat train gives them, however many are trained at once.`,
    )
    .action(sweep);
  const printConfig = command.options.find(({ long }) => long === '--print-config');
  if (printConfig !== undefined)
    printConfig.description = 'print the plan, with the config of each run, as JSON and stop';
}

function every(given: string): number | string {
  const value = /^\d+$/.test(given) ? Number(given) : given;
  if (intervalOf(value) === null)
    throw new InvalidArgumentError('It must be a time such as 30s, or a number of steps.');
  return value;
}

/** "3" → 1, 2, 3; "5," → 5; "1,5,9". */
function seeds(text: string): number[] {
  if (!text.includes(',')) {
    const n = count(text);
    if (n > 1000) throw new InvalidArgumentError('It must be at most 1000.');
    return Array.from({ length: n }, (_, i) => i + 1);
  }
  const list = text
    .split(',')
    .filter((part, i, all) => part.trim() !== '' || i < all.length - 1)
    .map(whole);
  if (new Set(list).size < list.length) throw new InvalidArgumentError('No seed may stand twice.');
  return list;
}

/** Flags that may stand beside --resume. */
const FREE = ['resume', 'jobs', 'threads', 'json'];

async function sweep(source: string | undefined, flags: SweepFlags): Promise<void> {
  const team = await parallel();
  assertDevice(flags, { together: team.group !== null });
  let folder: RunFolder | null = null;
  // Of several processes the first has the folder, and all take runs of it.
  const { plan, path, job } = await team.fromFirst(async () => {
    const found = flags.resume === undefined ? await begun(source, flags) : await resumed(flags.resume, source, flags);
    folder = found.folder;
    const path = folder?.path ?? null;
    return { plan: found.plan, path, job: path === null || team.group === null ? null : await HandOut.begin(path) };
  });
  if (path === null) {
    print(planText(plan));
    return;
  }
  const handOut = job === null ? undefined : await HandOut.open(path, job);
  await carryThrough(team, { plan, path, folder, handOut }, flags);
}

/** A sweep that has begun. */
interface Begun {
  readonly plan: SweepPlan;
  readonly path: string;
  /** Of the process that tells of it. */
  readonly folder: RunFolder | null;
  /** Where there are several. */
  readonly handOut: HandOut | undefined;
}

async function carryThrough(team: Parallel, sweep: Begun, flags: SweepFlags): Promise<void> {
  const { plan, path, folder, handOut } = sweep;
  const interruption = new Interruption('stopping the runs, which save a checkpoint each');
  const others = new AbortController();
  const signal = AbortSignal.any([interruption.signal, others.signal]);
  interruption.signal.addEventListener('abort', () => void handOut?.stop());
  const over = handOut?.watch(() => others.abort());
  try {
    const { jobs, threads, note } = capacity(plan, flags, machineOf(team));
    if (note !== null) say(`rhohat: ${note}`);
    await team.decideTurbo({ ...plan.flags, threads: jobs * threads }, sweepWork(plan));
    const rows = await carried(sweep, jobs, threads, signal, flags.json === true || !team.leads);
    if (folder !== null) {
      await finish(plan, folder, rows, flags.json === true);
      if (signal.aborted) say(`interrupted: go on with rhohat sweep --resume ${path}`);
      if (rows.some(({ result }) => result.state !== 'finished')) process.exitCode = 1;
      await handOut?.over();
    }
    await over; // the others wait here, and not in MPI: runs of this machine have its processors
    interruption.exit();
  } finally {
    interruption.release();
    await folder?.discard();
  }
}

/** What this process has of its machine. */
function machineOf({ group, threads }: Parallel): Machine {
  const all = machine();
  if (group === null) return all;
  const own = threads({});
  const cores = typeof own === 'number' ? own : all.cores;
  return { cores, freeBytes: all.freeBytes / group.localSize, processes: group.size };
}

/** Of all runs: their processes go by the verdict that is kept before the first begins, and prove nothing one beside the other. */
function sweepWork({ examples, runs }: SweepPlan): Work {
  const works = runs.map((run) => workOf(run, examples));
  const precision = works.every(({ precision }) => precision === 'float64') ? 'float64' : 'float32';
  return { multiplyAdds: works.reduce((sum, { multiplyAdds }) => sum + multiplyAdds, 0), precision };
}

function workOf({ run: { model, fit } }: PlannedRun, examples: SweepPlan['examples']): Work {
  return trainingWork(model, examples, planFit(fit, examples[0], model.seed ?? 1).epochs);
}

/** The plan that flags describe, and its folder, which may hold the same sweep; null where it is only printed. */
async function begun(
  source: string | undefined,
  flags: SweepFlags,
): Promise<{ folder: RunFolder | null; plan: SweepPlan }> {
  const plan = await makePlan(source, flags);
  if (flags.printConfig) return { folder: null, plan };
  if (plan.heldOutChosen && !flags.json) {
    say(
      `rhohat: ${plan.heldOut} examples, a tenth, are held out: runs are compared by their error; decide otherwise with --held-out`,
    );
  }
  const unlike = differingSettings(plan.runs.map(({ run }) => run)).find(({ key }) => UNLIKE.test(key));
  if (unlike !== undefined && !flags.json) {
    say(`rhohat: ${unlike.key} differs: validation errors on another scale stand in one table, and do not compare`);
  }
  const path = flags.out ?? (await freeName(`runs/${folderStem(plan.runs[0].run.source)}-sweep`));
  const isThere = (await entriesOf(path))?.includes(PLAN_FILE) === true;
  if (isThere) await assertSame(path, plan);
  const folder = await openRunFolder(path, isThere);
  try {
    if (!isThere) await folder.save(new Map([[PLAN_FILE, planText(plan)]]));
  } catch (error) {
    await folder.discard();
    throw error;
  }
  return { folder, plan };
}

/** @throws InputError where the folder holds another sweep. */
async function assertSame(path: string, plan: SweepPlan): Promise<void> {
  if (samePlan(await readPlan(path), plan)) return;
  throw new InputError(
    `${path} holds a sweep of other settings: choose another --out, or go on with that one: rhohat sweep --resume ${path}`,
  );
}

async function resumed(path: string, source: string | undefined, flags: SweepFlags) {
  const other = Object.keys(flags).find((name) => !FREE.includes(name));
  const named = source ?? (other && `--${other.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
  if (named !== undefined) {
    throw new InputError(`${named} is given with --resume, which goes on with the sweep's own plan: leave it out`);
  }
  const entries = await entriesOf(path);
  if (!entries?.includes(PLAN_FILE)) {
    const what = entries === null ? 'there is no such folder' : `it holds no ${PLAN_FILE}`;
    throw new InputError(`${path}: ${what}: name the folder of a sweep`);
  }
  const plan = await readPlan(path);
  return { plan, folder: await openRunFolder(path, true, 'check its permissions and its disk') };
}

/** Trains what is left, telling of it, and keeps the table up to date meanwhile. */
async function carried(
  { plan, path, folder, handOut }: Begun,
  jobs: number,
  threads: number,
  signal: AbortSignal,
  quiet: boolean,
): Promise<Row[]> {
  const of = plan.runs.length;
  const results = new Map<string, RunResult>();
  const bar = new SweepBar(of, 0, quiet);
  let written = performance.now();
  const lasts = (run: PlannedRun) => workOf(run, plan.examples).multiplyAdds;
  try {
    const all = await carryOut(plan, {
      ...{ folder: path, jobs, threads, signal },
      shared: handOut && { handOut, leads: folder !== null, lasts },
      onBegin: () => bar.begun(),
      async onEnd(planned, result, kept) {
        results.set(planned.name, result);
        if (kept) return;
        bar.ended(results.size, endedLine({ planned, result }, results.size, of));
        if (performance.now() - written < 1000 * TABLE_EVERY) return;
        written = performance.now();
        await folder?.save(new Map([['sweep.csv', csvOf(plan, rowsOf(plan, results))]]));
      },
    });
    return rowsOf(plan, all);
  } finally {
    bar.stop();
  }
}

/** Writes the table, the best and the pictures, and prints them. */
async function finish(plan: SweepPlan, folder: RunFolder, rows: readonly Row[], json: boolean): Promise<void> {
  const combinations = combinationsOf(rows);
  const files = await sweepPictures(plan, combinations);
  files.set('sweep.csv', csvOf(plan, rows));
  files.set('best.json', `${JSON.stringify(bestJson(plan, combinations), null, 1)}\n`);
  await folder.save(files);
  const { path } = folder;
  print(json ? JSON.stringify(jsonOf(path, plan, rows), null, 1) : sweepLines(path, plan, rows, combinations));
}
