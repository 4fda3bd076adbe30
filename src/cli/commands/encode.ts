import type { Command } from 'commander';
import { type Matrix, rowRange, toFlat, zeros } from '../../array/matrix.ts';
import { npyPieces } from '../../data/formats/npy.ts';
import { InputError } from '../../errors.ts';
import { loadModel } from '../../node/model-files.ts';
import { writeWhole } from '../../node/run-folder.ts';
import { pieces } from '../csv-text.ts';
import { addEngineOptions, type EngineFlags, kernelOptions } from '../flags/engine-flags.ts';
import { whole } from '../flags/flags.ts';
import { outFormat } from '../flags/out-format.ts';
import { addReadFlags, type ReadFlags } from '../flags/read-flags.ts';
import { print, printPieces } from '../output.ts';
import { tellKernels } from '../report/kernel-note.ts';
import { modelInputs } from '../run/model-inputs.ts';
import { noteNewer } from '../run/newer-run.ts';
import { decideTurbo, encodingWork } from '../run/turbo.ts';

interface Flags extends ReadFlags, EngineFlags {
  out?: string;
  limit?: number;
  json?: boolean;
}

/** Declares `rhohat encode`. */
export function addEncode(program: Command): void {
  const command = program
    .command('encode')
    .summary('turn data into codes with a trained model')
    .description(
      `Writes the activations of the last hidden layer, a row an example. The data are treated as in training: the same preprocessing, with the constants fitted then; images larger than the model's inputs are cut into the same patches.`,
    )
    .argument('<model>', 'a run folder, or its model.safetensors')
    .argument('[data]', 'a data set, a file, a folder of images or of shards (default: the training data)');
  const options = addReadFlags(command)
    .option('--limit <n>', 'encode the first n examples only', whole)
    .option('--out <file>', 'write a .npy or .csv file (default: CSV on stdout)')
    .option('--json', 'print what was written as JSON');
  addEngineOptions(options)
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
  const saved = await loadModel(path, kernelOptions(flags));
  tellKernels(saved.model.config.precision);
  const format = outFormat(flags.out);
  if (flags.json && flags.out === undefined) {
    throw new InputError('--json without --out would mix with the codes on stdout: add --out codes.npy');
  }
  await noteNewer(path);
  const { x } = await modelInputs(saved, source, flags);
  await decideTurbo(flags, encodingWork(saved.model.config, x.shape[0]));
  const codes = await saved.model.encode(x);
  if (flags.out === undefined) {
    await printPieces(pieces(csvLines(codes)));
    return;
  }
  await writeWhole(flags.out, format === '.npy' ? npyPieces(codes) : pieces(csvLines(codes)));
  const [examples, units] = codes.shape;
  print(
    flags.json
      ? JSON.stringify({ file: flags.out, examples, units, dtype: saved.model.config.precision })
      : `${flags.out}: ${examples} codes of ${units} units, ${saved.model.config.precision}`,
  );
}

/** One line an example; numbers as JavaScript writes them, so that reading them back gives the same numbers. */
function* csvLines(codes: Matrix): Generator<string> {
  const [rows, columns] = codes.shape;
  const row = zeros(columns, codes.data instanceof Float32Array ? 'float32' : 'float64');
  for (let i = 0; i < rows; i++) yield toFlat(rowRange(codes, i, i + 1), row).join(',');
}
