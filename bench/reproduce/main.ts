import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Argument, Command, CommanderError, Option } from 'commander';
import { count } from '../../src/cli/flags/flags.ts';
import { print, say } from '../../src/cli/output.ts';
import { Interruption } from '../../src/cli/run/interruption.ts';
import { endWithParent } from '../../src/cli/with-parent.ts';
import { EngineError, InputError } from '../../src/errors.ts';
import { makeFolder } from '../../src/node/folders.ts';
import { writeWhole } from '../../src/node/run-folder.ts';
import { enableTurbo } from '../../src/node/turbo/enable-turbo.ts';
import { machine } from '../harness/report.ts';
import { longestFirst, rowsAtOnce } from './at-once.ts';
import { readPeers } from './beside.ts';
import { FIGURES, figuresPage } from './figures-page.ts';
import { Lab } from './lab.ts';
import { page } from './page.ts';
import { readRecords } from './read-records.ts';
import type { Record_ } from './record.ts';
import type { Row } from './row.ts';
import { rows } from './rows/index.ts';
import type { Searched } from './search.ts';

interface Flags {
  quick?: boolean;
  runs: string;
  docs: string;
  jobs: number;
  threads?: number;
  turbo?: boolean;
  device?: 'cpu' | 'gpu';
  page?: boolean;
  search?: boolean;
}

function program(): Command {
  return new Command('npm run reproduce --')
    .description('Repeats headline figures of the literature and writes docs/results.md. Data: RHOHAT_DATA.')
    .addArgument(new Argument('[rows...]', 'which of them; all unless named').choices(rows.map(({ name }) => name)))
    .option(
      '--quick',
      'small sizes, results thrown away: shows that everything runs; generated images without RHOHAT_DATA',
    )
    .option('--runs <folder>', 'where steps and checkpoints are kept', 'runs/reproduce')
    .option('--docs <folder>', 'where results.md and results/ are written', 'docs')
    .option('--jobs <n>', 'rows at once, each a process of its own, the longest first; processors are shared', count, 1)
    .option('--threads <n>', 'of each row (default: as many as processors, which the rows of --jobs share)', count)
    .addOption(new Option('--device <where>', 'what trains').choices(['cpu', 'gpu']).default('cpu'))
    .option('--page', 'only write results.md and results/figures.md anew from what is recorded in results/')
    .option(
      '--search',
      'in the place of rows: repeats how their settings were searched, on validation data, where that is kept',
    )
    .option('--turbo', '256-bit instructions where they have proved themselves (Node 24 or newer)')
    .exitOverride();
}

function labOf(flags: Flags, signal: AbortSignal): Lab {
  return new Lab({
    quick: flags.quick ?? false,
    folder: flags.runs,
    pictures: join(flags.docs, 'results'),
    signal,
    kernels: {
      ...(flags.threads === undefined ? {} : { threads: flags.threads }),
      ...(flags.device === 'gpu' ? { kernels: 'webgpu' as const } : {}),
    },
    say: print,
  });
}

async function reproduce(row: Row, flags: Flags, signal: AbortSignal): Promise<void> {
  print(`${row.name}: ${row.title}`);
  const lab = labOf(flags, signal);
  const outcome = await row.run(lab);
  if (outcome === null) return;
  const record: Record_ = {
    name: row.name,
    setup: row.setup,
    ...circumstances(named(row.name, flags)),
    ...ranBy(lab),
    ...outcome,
  };
  for (const { what, ours, unit } of outcome.figures)
    print(`    ${what}: ${ours.map((n) => n.toPrecision(4)).join(', ')}${unit}`);
  await writeRecord(flags.docs, row.name, record);
}

/** Repeats the search of a row, where it has one; the row itself stays as it is. */
async function search(row: Row, flags: Flags, signal: AbortSignal): Promise<void> {
  if (row.search === undefined) return;
  const { measure, run } = row.search;
  print(`${row.name}: ${measure}`);
  const trials = await run(labOf(flags, signal));
  for (const { what, validation } of trials) print(`    ${what}: ${validation.toPrecision(4)}`);
  const found: Searched = { measure, trials, ...circumstances(`${row.name} --search`) };
  await writeRecord(flags.docs, `${row.name}.search`, found);
}

/** With what changes its numbers. */
function named(name: string, { device, turbo }: Flags): string {
  return [name, device === 'gpu' && '--device gpu', turbo && '--turbo'].filter(Boolean).join(' ');
}

function circumstances(what: string): Pick<Searched, 'command' | 'machine' | 'date'> {
  const { processor, cores, date } = machine(false);
  return { command: `npm run reproduce -- ${what}`, machine: `${cores} cores of ${processor}`, date };
}

function ranBy({ seconds, trainedBy }: Lab): Pick<Record_, 'seconds' | 'by'> {
  return { seconds, by: [...trainedBy].sort() };
}

async function writeRecord(docs: string, name: string, record: object): Promise<void> {
  await makeFolder(join(docs, 'results'));
  await writeWhole(join(docs, 'results', `${name}.json`), `${JSON.stringify(record, null, 1)}\n`);
  await writePage(docs);
}

/** The pages from the records of all rows that have been run. */
async function writePage(docs: string): Promise<void> {
  const records = await readRecords(docs);
  await writeWhole(join(docs, 'results.md'), page(rows, records, await readPeers(docs)));
  await writeWhole(join(docs, FIGURES.path), figuresPage(records));
}

async function main(): Promise<void> {
  const command = program();
  command.parse();
  const flags = command.opts<Flags>();
  if (flags.page) return writePage(flags.docs);
  const names = command.args;
  const named = rows.filter(({ name }) => names.length === 0 || names.includes(name));
  const chosen = flags.search ? named.filter(({ search }) => search !== undefined) : named;
  if (chosen.length === 0) {
    const searched = rows.filter(({ search }) => search !== undefined).map(({ name }) => name);
    throw new InputError(`--search is given for ${names.join(', ')}: rows that have one are ${searched.join(', ')}`);
  }
  const interruption = new Interruption(
    flags.quick ? 'stopping after this step' : 'stopping after this step; the same command goes on from here',
  );
  try {
    if (flags.jobs > 1 && chosen.length > 1) await atOnce(chosen, flags, interruption.signal);
    else await inTurn(chosen, flags, interruption);
  } finally {
    interruption.release();
  }
  interruption.exit();
}

async function inTurn(chosen: readonly Row[], flags: Flags, interruption: Interruption): Promise<void> {
  if (flags.turbo) {
    const { why } = await enableTurbo({ program: 'dist/node/turbo/program.js' });
    say(`turbo: ${why}`);
  }
  const scratch = flags.quick ? await mkdtemp(join(tmpdir(), 'rhohat-quick-')) : null;
  const folders = scratch ? { runs: join(scratch, 'runs'), docs: join(scratch, 'docs') } : {};
  try {
    for (const row of chosen) {
      const done = await interruption.orNull(
        (flags.search ? search : reproduce)(row, { ...flags, ...folders }, interruption.signal).then(() => true),
      );
      if (done === null) break;
    }
  } finally {
    if (scratch) await rm(scratch, { recursive: true });
  }
}

/** @throws InputError naming the rows that failed; the others are done. */
async function atOnce(chosen: readonly Row[], flags: Flags, signal: AbortSignal): Promise<void> {
  const { jobs, threads, quick, runs, docs, device, turbo } = flags;
  let unwritten: unknown = null;
  if (!quick) await makeFolder(join(docs, 'results'));
  const own = [`--runs=${runs}`, `--docs=${docs}`, device && `--device=${device}`];
  const switches = [quick && '--quick', turbo && '--turbo', flags.search && '--search'];
  const failures = await rowsAtOnce(
    longestFirst(chosen, await readRecords(docs)).map(({ name }) => name),
    {
      ...{ jobs, threads, signal, say: print },
      flags: [...own, ...switches].filter((flag) => typeof flag === 'string'),
      // A row writes the page by the records that it finds: the last word has who saw them all.
      onEnd: async () => {
        if (quick) return;
        unwritten = await writePage(docs).then(
          () => null,
          (error: unknown) => error,
        );
      },
    },
  );
  if (failures.size === 0 && unwritten !== null) throw unwritten;
  if (failures.size === 0) return;
  throw new InputError([...failures].map(([name, why]) => `${name} failed: ${why}`).join('; '));
}

/** Of the file system, as where a name is taken: its message says it all. */
function isOfSystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

// As of the command line: who reads may leave, and a terminal may go.
process.stderr.on('error', () => undefined);
endWithParent();
main().catch((error: unknown) => {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else if (error instanceof InputError || error instanceof EngineError || isOfSystem(error)) {
    say(`error: ${error.message}`);
    process.exitCode = 1;
  } else throw error;
});
