import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { treatmentLines } from '../../data/formats/table/treatment-lines.ts';
import { InputError } from '../../errors.ts';
import type { KernelOptions } from '../../kernels/kernels.ts';
import { CLASSIFIER_FILE, loadClassifier, loadModel, MODEL_FILE } from '../../node/model-files.ts';
import { kindOfPath } from '../../node/read-bytes.ts';
import type { SavedModel } from '../../training/model-file.ts';
import { addEngineOptions, type EngineFlags, kernelOptions } from '../flags/engine-flags.ts';
import { count, numbers } from '../flags/flags.ts';
import { addReadFlags, type ReadFlags } from '../flags/read-flags.ts';
import { print, table } from '../output.ts';
import { leftOut } from '../report/attempt.ts';
import { inspectedClassifier, inspectedRun } from '../report/inspected.ts';
import { tellRuntime } from '../report/kernel-note.ts';
import { addFiles } from '../report/run-output.ts';
import { SUMMARY_FILE } from '../report/summary-file.ts';
import { decideTurbo } from '../run/turbo.ts';

interface Flags extends ReadFlags, EngineFlags {
  limit?: number;
  latents?: number[];
  targetData?: string;
  out?: string;
  json?: boolean;
}

/** Of measuring: the data are read where it is done. What is proved is used. */
const NOTHING_KNOWN = { multiplyAdds: 0, precision: undefined };

/** Declares `rhohat inspect`. */
export function addInspect(program: Command): void {
  const command = program
    .command('inspect')
    .summary('show a run: config, sizes, metrics; draw its pictures again')
    .description(
      "Prints the config, parameter sizes and metrics of a run or a classifier, and writes its pictures again from what it saved: of a classifier, its first layer's features. With data it measures the model on them, treated as in training, and draws density.svg: how often units fire. A transcoder is measured against its targets; --latents needs none.",
    )
    .argument(
      '<run>',
      `a run folder, or a ${MODEL_FILE} or ${CLASSIFIER_FILE} (its features can then be drawn with --out)`,
    )
    .argument('[data]', 'measure on a data set, a file, a folder of images or of shards');
  const options = addReadFlags(command)
    .option(
      '--target-data <source>',
      'of a transcoder: what its outputs are compared with, row by row (default: of the training data, its own)',
    )
    .option('--limit <n>', 'measure on the first n examples only', count)
    .option(
      '--latents <n,…>',
      'the 10 examples that these units answer most (default data: the training data)',
      numbers,
    )
    .option('--out <folder>', 'where the pictures go (default: the run folder)')
    .option('--json', 'print everything as JSON');
  addEngineOptions(options)
    .addHelpText(
      'after',
      `
Examples:
  $ rhohat train  # writes runs/dead-leaves
  $ rhohat inspect runs/dead-leaves
  $ rhohat inspect runs/dead-leaves --json > run.json
  $ rhohat train table.csv --model linear --hidden 2
  $ rhohat inspect runs/table table.csv                # explained variance, L0
  $ rhohat inspect runs/table table.csv --latents 0,1  # what these units answer

Examples are counted from 0: in a CSV file with a header, example 0 is line 2.`,
    )
    .action(inspect);
}

async function inspect(path: string, source: string | undefined, flags: Flags): Promise<void> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const inspected = await load(path, isFolder, kernelOptions(flags));
  const { model, preprocessing, summary } = inspected;
  tellRuntime(model.config.precision, model.runtime);
  const measured = await measuredOn(inspected.saved, path, source, flags);
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
    await measured?.draw(files);
    if (files.size > 0) await addFiles(target, files);
    for (const name of files.keys()) drawn.push(join(target, name));
  }
  const parameters = model.engine.layout.parameters.map(({ name, shape }) => ({ name, shape }));
  const steps = preprocessing.map(({ kind }) => kind);
  const { config } = model;
  if (flags.json) {
    const measures = measured === null ? {} : { measured: measured.json };
    print(JSON.stringify({ config, parameters, preprocessing: steps, summary, ...measures, pictures: drawn }, null, 1));
    return;
  }
  print(inspected.lines);
  if (measured !== null) print(['', ...measured.lines]);
  print(['', 'config', `  ${JSON.stringify(config)}`]);
  const { treatment } = inspected.data.table ?? {};
  if (treatment !== undefined) print(['columns', ...treatmentLines(treatment).map((line) => `  ${line}`)]);
  if (steps.length > 0) print(['preprocessing', `  ${steps.join(', ')}`]);
  print('parameters');
  print(table(parameters.map(({ name, shape }) => [`  ${name}`, `(${shape.join(', ')})`])));
  print(`  ${model.engine.layout.length.toLocaleString('en-US')} in all, ${config.precision}`);
  if (drawn.length > 0) print(['pictures', ...drawn.map((name) => `  ${name}`)]);
}

/** The model on the data that were named, or asked about; null where none were. @throws InputError for a classifier. */
async function measuredOn(saved: SavedModel | null, path: string, source: string | undefined, flags: Flags) {
  const { out: _, json: __, device, threads, deterministic, fastFloat64: ___, turbo, ...asked } = flags;
  if (source === undefined && Object.values(asked).every((value) => value === undefined)) return null;
  if (saved === null) {
    throw new InputError(
      `${path} is a classifier, which reconstructs nothing: leave the data out, or see rhohat predict`,
    );
  }
  await decideTurbo({ device, threads, deterministic, turbo }, NOTHING_KNOWN);
  const { measuredRun } = await import('../report/measured.ts');
  return measuredRun(saved, source, asked);
}

/** A run, a classifier, or a file of either. @throws InputError where there is none, or it is damaged. */
async function load(path: string, isFolder: boolean, kernels: KernelOptions) {
  if (isFolder) {
    const has = async (name: string) => (await kindOfPath(join(path, name))) === 'file';
    return (await has(CLASSIFIER_FILE)) && !(await has(MODEL_FILE))
      ? inspectedClassifier(await loadClassifier(path, kernels), path, true)
      : inspectedRun(await loadModel(path, kernels), path, true);
  }
  try {
    return await inspectedRun(await loadModel(path, kernels), path, false);
  } catch (error) {
    const saved = await loadClassifier(path, kernels).catch(() => null);
    if (saved === null) throw error;
    return inspectedClassifier(saved, path, false);
  }
}
