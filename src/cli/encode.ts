import { extname } from 'node:path';
import type { Command } from 'commander';
import { type AnyNumbers, type Matrix, rowRange, toFlat, type View } from '../array/matrix.ts';
import type { Examples } from '../data/examples.ts';
import { writeNpy } from '../data/npy.ts';
import { prepare } from '../data/prepare.ts';
import type { Preprocessing } from '../data/preprocessing.ts';
import { InputError } from '../errors.ts';
import { loadModel } from '../node/model-files.ts';
import { writeWhole } from '../node/run-folder.ts';
import { loadExamples } from '../node/sources.ts';
import type { SavedModel } from '../training/model-file.ts';
import { whole } from './flags.ts';
import { print } from './output.ts';
import { savedData } from './saved-data.ts';

interface Flags {
  out?: string;
  limit?: number;
  json?: boolean;
}

/** Declares `rhohat encode`. */
export function addEncode(program: Command): void {
  program
    .command('encode')
    .summary('turn data into codes with a trained model')
    .description(
      `Writes the activations of the last hidden layer, a row an example. The data are treated as in training: the same preprocessing, with the constants fitted then; images larger than the model's inputs are cut into the same patches.`,
    )
    .argument('<model>', 'a run folder, or its model.safetensors')
    .argument('[data]', 'a data set, a file, a folder of images or of shards (default: the training data)')
    .option('--limit <n>', 'encode the first n examples only', whole)
    .option('--out <file>', 'write a .npy or .csv file (default: CSV on stdout)')
    .option('--json', 'print what was written as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ rhohat train mnist                          # writes runs/mnist
  $ rhohat encode runs/mnist mnist-test --out codes.npy
  $ rhohat encode runs/mnist new.npy | head -3  # new.npy: (m, 784)`,
    )
    .action(encode);
}

async function encode(path: string, source: string | undefined, flags: Flags): Promise<void> {
  const saved = await loadModel(path);
  const format = flags.out === undefined ? '.csv' : extname(flags.out).toLowerCase();
  if (format !== '.csv' && format !== '.npy') {
    throw new InputError(`--out is ${JSON.stringify(flags.out)}: it must end in .npy or .csv`);
  }
  if (flags.json && flags.out === undefined) {
    throw new InputError('--json without --out would mix with the codes on stdout: add --out codes.npy');
  }
  const x = await inputs(saved, source, flags.limit);
  const codes = await saved.model.encode(x);
  if (flags.out === undefined) {
    print(csv(codes));
    return;
  }
  await writeWhole(flags.out, format === '.npy' ? writeNpy(codes) : `${csv(codes)}\n`);
  const [examples, units] = codes.shape;
  print(
    flags.json
      ? JSON.stringify({ file: flags.out, examples, units, dtype: saved.model.config.precision })
      : `${flags.out}: ${examples} codes of ${units} units, ${saved.model.config.precision}`,
  );
}

/** The model's inputs from a source, treated as the training data were. */
async function inputs(
  saved: SavedModel,
  source: string | undefined,
  limit: number | undefined,
): Promise<View<AnyNumbers>> {
  const { model, preprocessing } = saved;
  const plan = savedData(saved);
  const name = source ?? plan.source;
  if (name === undefined) throw new InputError('the model does not say what data it was trained on: name the data');
  const { patches, limit: trainingLimit, classes, ...rest } = plan.data;
  const few = source === undefined ? trainingLimit : undefined;
  // Patches are drawn from all images, and limited themselves.
  const stacks = await loadExamples(name, patches === undefined ? { limit: few ?? limit } : {});
  // New data are encoded whole, whatever their classes; their labels need not be known.
  if (source === undefined && classes !== undefined) {
    throw new InputError(`the model was trained on classes ${classes.join(', ')} of ${name}: name the data to encode`);
  }
  const width = rawWidth(preprocessing, model.config.inputs);
  // Examples that already have the model's width are taken as they are; images of other sizes are cut into patches.
  const cut = patches !== undefined && !hasWidth(stacks, width) ? { patches } : {};
  const { x } = prepare(
    stacks,
    { ...rest, ...(few === undefined ? {} : { limit: few }), ...cut },
    model.config.precision,
    preprocessing,
  );
  if (limit === undefined) return x;
  if (limit < 1 || limit > x.shape[0]) {
    throw new InputError(
      `--limit is ${limit}: there are ${x.shape[0]} examples, so it must be from 1 to ${x.shape[0]}`,
    );
  }
  return rowRange(x, 0, limit);
}

/** Columns before preprocessing. */
function rawWidth(steps: readonly Preprocessing[], inputs: number): number {
  const first = steps.find((step) => 'mean' in step);
  return first === undefined ? inputs : first.mean.shape[0];
}

function hasWidth(stacks: readonly Examples[], width: number): boolean {
  return stacks.length === 1 && stacks[0].x.shape[1] === width;
}

/** One line an example; numbers as JavaScript writes them, so that reading them back gives the same numbers. */
function csv(codes: Matrix): string {
  const [rows, columns] = codes.shape;
  const flat = toFlat(codes);
  const lines: string[] = [];
  for (let i = 0; i < rows; i++) lines.push(flat.subarray(i * columns, (i + 1) * columns).join(','));
  return lines.join('\n');
}
