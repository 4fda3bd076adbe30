import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { InputError } from '../errors.ts';
import { loadModel } from '../node/model-files.ts';
import { openRunFolder } from '../node/run-folder.ts';
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
    .addHelpText('after', '\nExample:\n  $ rhohat inspect runs/dead-leaves')
    .action(inspect);
}

async function inspect(path: string, flags: { out?: string; json?: boolean }): Promise<void> {
  const saved = await loadModel(path);
  const { model, preprocessing } = saved;
  const isFolder = (await stat(path)).isDirectory();
  const summary = isFolder ? await readSummary(join(path, SUMMARY_FILE)) : null;
  const { image } = savedData(saved);
  const target = flags.out ?? (isFolder ? path : undefined);
  const drawn: string[] = [];
  if (target !== undefined) {
    const { pictures } = await import('./run-files.ts'); // plotting: loaded when it draws
    const files = pictures({
      model,
      steps: preprocessing,
      history: summary?.history ?? [],
      meanActivations: summary?.metrics.meanActivations ?? [],
      inspection: summary?.inspection,
      ...(image === undefined ? {} : { image }),
    });
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
  print(summary === null ? path : summaryLines(summary, path).join('\n'));
  print(`\nconfig\n  ${JSON.stringify(model.config)}`);
  if (steps.length > 0) print(`preprocessing\n  ${steps.join(', ')}`);
  print('parameters');
  print(table(parameters.map(({ name, shape }) => [`  ${name}`, `(${shape.join(', ')})`])));
  print(`  ${model.engine.layout.length.toLocaleString('en-US')} in all, ${model.config.precision}`);
  if (drawn.length > 0) print(`pictures\n  ${drawn.join('\n  ')}`);
}

/** The run's summary; null where the folder has none. @throws InputError if it is damaged. */
async function readSummary(path: string): Promise<Summary | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return null;
  }
  try {
    const summary = JSON.parse(text) as Summary;
    if (Array.isArray(summary.history) && Array.isArray(summary.metrics.meanActivations)) return summary;
  } catch {
    // told below
  }
  throw new InputError(`${path} is damaged: it must be the summary that rhohat train wrote`);
}
