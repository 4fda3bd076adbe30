import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { InputError } from '../../errors.ts';
import { CLASSIFIER_FILE, loadClassifier, loadModel, MODEL_FILE } from '../../node/model-files.ts';
import { kindOfPath } from '../../node/read-bytes.ts';
import { print, table } from '../output.ts';
import { leftOut } from '../report/attempt.ts';
import { inspectedClassifier, inspectedRun } from '../report/inspected.ts';
import { tellKernels } from '../report/kernel-note.ts';
import { addFiles } from '../report/run-output.ts';
import { SUMMARY_FILE } from '../report/summary-file.ts';

/** Declares `rhohat inspect`. */
export function addInspect(program: Command): void {
  program
    .command('inspect')
    .summary('show a run: config, sizes, metrics; draw its pictures again')
    .description(
      "Prints the config, parameter sizes and metrics of a run or a classifier, and writes its pictures again from what it saved: of a classifier, its first layer's features.",
    )
    .argument(
      '<run>',
      `a run folder, or a ${MODEL_FILE} or ${CLASSIFIER_FILE} (its features can then be drawn with --out)`,
    )
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
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const inspected = await load(path, isFolder);
  const { model, preprocessing, summary } = inspected;
  tellKernels(model.config.precision);
  const target = flags.out ?? (isFolder ? path : undefined);
  const drawn: string[] = [];
  if (target !== undefined) {
    const files = await inspected.draw((name, error) => {
      // Memory may be short; all else that is no InputError comes of parts of the summary that are not checked one by one.
      if (!(error instanceof InputError || error instanceof RangeError)) {
        throw new InputError(`${join(path, SUMMARY_FILE)} is damaged: it must be the summary that rhohat train wrote`);
      }
      leftOut(`${name} is`, error);
    });
    if (files.size > 0) await addFiles(target, files);
    for (const name of files.keys()) drawn.push(join(target, name));
  }
  const parameters = model.engine.layout.parameters.map(({ name, shape }) => ({ name, shape }));
  const steps = preprocessing.map(({ kind }) => kind);
  const { config } = model;
  if (flags.json) {
    print(JSON.stringify({ config, parameters, preprocessing: steps, summary, pictures: drawn }, null, 1));
    return;
  }
  print(inspected.lines);
  print(['', 'config', `  ${JSON.stringify(config)}`]);
  if (steps.length > 0) print(['preprocessing', `  ${steps.join(', ')}`]);
  print('parameters');
  print(table(parameters.map(({ name, shape }) => [`  ${name}`, `(${shape.join(', ')})`])));
  print(`  ${model.engine.layout.length.toLocaleString('en-US')} in all, ${config.precision}`);
  if (drawn.length > 0) print(['pictures', ...drawn.map((name) => `  ${name}`)]);
}

/** A run, a classifier, or a file of either. @throws InputError where there is none, or it is damaged. */
async function load(path: string, isFolder: boolean) {
  if (isFolder) {
    const has = async (name: string) => (await kindOfPath(join(path, name))) === 'file';
    return (await has(CLASSIFIER_FILE)) && !(await has(MODEL_FILE))
      ? inspectedClassifier(await loadClassifier(path), path, true)
      : inspectedRun(await loadModel(path), path, true);
  }
  try {
    return await inspectedRun(await loadModel(path), path, false);
  } catch (error) {
    const saved = await loadClassifier(path).catch(() => null);
    if (saved === null) throw error;
    return inspectedClassifier(saved, path, false);
  }
}
