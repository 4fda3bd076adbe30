import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { InputError } from '../errors.ts';
import { loadModel } from '../node/model-files.ts';
import { kindOfPath } from '../node/read-bytes.ts';
import { readJson } from '../node/read-json.ts';
import { openRunFolder } from '../node/run-folder.ts';
import { tellKernels } from './kernel-note.ts';
import { print, table } from './output.ts';
import { savedData } from './saved-data.ts';
import { SUMMARY_FILE, type Summary, summaryLines } from './summary.ts';

/** Declares `rhohat inspect`. */
export function addInspect(program: Command): void {
  program
    .command('inspect')
    .summary('show a run: config, sizes, metrics; draw its pictures again')
    .description(
      "Prints a run's config, parameter sizes and metrics, and writes its pictures again from what it saved.",
    )
    .argument('<run>', 'a run folder, or a model.safetensors (its features can then be drawn with --out)')
    .option('--out <folder>', 'where the pictures go (default: the run folder)')
    .option('--json', 'print everything as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ rhohat train  # writes runs/dead-leaves
  $ rhohat inspect runs/dead-leaves
  $ rhohat inspect runs/dead-leaves --json > run.json`,
    )
    .action(inspect);
}

async function inspect(path: string, flags: { out?: string; json?: boolean }): Promise<void> {
  const saved = await loadModel(path);
  tellKernels(saved.model.config.precision);
  const { model, preprocessing } = saved;
  const isFolder = (await stat(path)).isDirectory();
  const { summary, lines } = (isFolder ? await readSummary(path) : null) ?? { summary: null, lines: [path] };
  const { image } = savedData(saved);
  const target = flags.out ?? (isFolder ? path : undefined);
  const drawn: string[] = [];
  if (target !== undefined) {
    const { pictures } = await import('./run-files.ts'); // plotting: loaded when it draws
    const record = {
      model,
      steps: preprocessing,
      history: summary?.history ?? [],
      meanActivations: summary?.metrics.meanActivations ?? [],
      inspection: summary?.inspection,
      ...(image === undefined ? {} : { image }),
    };
    const files = summary === null ? pictures(record) : orDamaged(join(path, SUMMARY_FILE), () => pictures(record));
    const folder = await openRunFolder(target, true);
    try {
      await folder.commit(files);
    } finally {
      await folder.discard();
    }
    drawn.push(...[...files.keys()].map((name) => join(target, name)));
  }
  const parameters = model.engine.layout.parameters.map(({ name, shape }) => ({ name, shape }));
  const steps = preprocessing.map(({ kind }) => kind);
  if (flags.json) {
    const { config } = model;
    print(JSON.stringify({ config, parameters, preprocessing: steps, summary, pictures: drawn }, null, 1));
    return;
  }
  print(lines.join('\n'));
  print(`\nconfig\n  ${JSON.stringify(model.config)}`);
  if (steps.length > 0) print(`preprocessing\n  ${steps.join(', ')}`);
  print('parameters');
  print(table(parameters.map(({ name, shape }) => [`  ${name}`, `(${shape.join(', ')})`])));
  print(`  ${model.engine.layout.length.toLocaleString('en-US')} in all, ${model.config.precision}`);
  if (drawn.length > 0) print(`pictures\n  ${drawn.join('\n  ')}`);
}

/** What `use` makes of a summary, whose parts are not checked one by one. @throws InputError where it cannot. */
function orDamaged<T>(path: string, use: () => T): T {
  try {
    return use();
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${path} is damaged: it must be the summary that rhohat train wrote`);
  }
}

/** The run's summary, and its lines for a person; null where the folder has none. @throws InputError if it is damaged. */
async function readSummary(folder: string): Promise<{ summary: Summary; lines: string[] } | null> {
  const path = join(folder, SUMMARY_FILE);
  if ((await kindOfPath(path)) === undefined) return null;
  const summary = (await readJson(path)) as Summary;
  return orDamaged(path, () => {
    const { edges, counts } = summary.inspection?.histogram ?? { edges: [], counts: [] };
    const curves = summary.history.flatMap(({ step, cost }) => [step, cost]);
    const numbers = [...summary.metrics.meanActivations, ...curves, ...edges, ...counts];
    if (!numbers.every(Number.isFinite)) throw new InputError(`${path} is damaged: its numbers must be finite`);
    return { summary, lines: summaryLines(summary, folder) };
  });
}
