import { type Command, Option } from 'commander';
import { corruptionNames } from '../../corruption/corruption.ts';
import { fillWays } from '../../data/preprocessing/fill.ts';
import { activations } from '../../kernels/activations/table.ts';
import { dataSetNames } from '../../node/sources.ts';
import { lossNames } from '../../terms/losses.ts';
import { dictionaries } from '../../training/dictionaries.ts';
import { models, presets } from '../../training/presets.ts';
import { STEPS } from '../run/run-from-flags.ts';
import { column, columns, number, numbers, sizes, whole, words } from './flags.ts';
import { addPartFlags, auxiliaryKinds, optimizerKinds, ruleKinds, sparsityKinds } from './part-flags.ts';
import {
  arrayOption,
  axesOption,
  decimalOption,
  delimiterOption,
  dropRowsOption,
  headerOption,
  imageShape,
  unitOption,
} from './read-flags.ts';

// The flags that several commands share, in groups.

export const DATA = `a data set (${dataSetNames.join(', ')}), a file (.npy .npz .mat .safetensors .csv .jsonl .parquet .arrow .libsvm .f32 .png .jpg, IDX), a folder of images, or of shards (.npy .f32 .safetensors, IDX)`;

const activationNames = Object.keys(activations);

/** Where a run begins: a preset, a kind of model, or a file. Each flag then replaces its part. */
export function addStartOptions(command: Command): Command {
  const names = [...Object.keys(presets), ...Object.keys(dictionaries)];
  return command
    .addOption(new Option('--preset <name>', 'a published set-up').choices(names))
    .addOption(new Option('--model <kind>', 'a kind of model with sensible options').choices(Object.keys(models)))
    .option('--config <file>', 'a run as JSON, such as --print-config prints')
    .option('--print-config', 'print the run as JSON and stop');
}

/** How a table or an array is read. */
export function addReadOptions(command: Command): Command {
  return command
    .option('--columns <list>', 'of a table: names, or positions counted from 1, such as 2,5-8', columns)
    .option('--without <list>', 'of a table: columns that are no inputs, such as dates', columns)
    .addOption(decimalOption('.'))
    .addOption(headerOption('it does where it holds words, or 0,1,2,…'))
    .addOption(delimiterOption('told by the first lines'))
    .option('--label-column <column>', 'of a table: the classes of its rows, as numbers or texts; no input', column)
    .addOption(dropRowsOption())
    .option('--image <shape>', 'rows are images, of 28x28 or 32x32x3 numbers: for the pictures', imageShape)
    .addOption(arrayOption('the only one'))
    .addOption(axesOption('told by the shape'))
    .addOption(unitOption('1, of bytes 255 unless they are 0 and 1'));
}

export function addDataOptions(command: Command): Command {
  return addReadOptions(command.optionsGroup('Data:'))
    .option(
      '--labels <source>',
      'labels of the data: a file, a column of a table (t.csv:label, t.csv:1), an array (x.mat:y), mnist or mnist-test',
    )
    .option('--classes <list>', 'keep the examples with these labels, such as 0,1,2', numbers)
    .option('--limit <n>', 'use the first n examples only', whole)
    .option('--transpose', 'swap rows and columns of the images, as EMNIST needs')
    .option('--gray', 'turn colour images grey')
    .option('--patch-size <s>', 'cut s by s patches out of the images', whole)
    .option('--patches <n>', 'how many patches to cut (default 10000)', whole)
    .addOption(
      new Option('--fill <by>', "what is missing gets its column's value of the training examples, or 0").choices([
        ...fillWays,
      ]),
    )
    .option('--preprocess <steps>', STEPS, words)
    .option('--held-out <n>', 'keep the last n examples for validation', whole);
}

export function addModelOptions(command: Command): Command {
  command
    .optionsGroup('Model:')
    .option('--hidden <sizes>', 'hidden units, or several layers such as 500,100,30', sizes)
    .option('--activation <f>', `of the hidden units, or one each layer: ${activationNames.join(', ')}`, words)
    .addOption(new Option('--output <g>', 'of the output units').choices(activationNames))
    .addOption(new Option('--loss <name>', 'reconstruction error').choices(lossNames))
    .option('--tied', "the decoder uses the encoder's weights")
    .option('--no-tied', 'the decoder has weights of its own')
    .option('--weight-decay <lambda>', 'λ of (λ/2) Σ W², on weights, never on biases', number)
    .option('--weight-l1 <gamma>', 'γ of γ Σ |W|', number)
    .addOption(new Option('--sparsity <kind>', 'of the codes').choices([...Object.keys(sparsityKinds), 'none']));
  return addPartFlags(command, sparsityKinds)
    .option('--contraction <kappa>', 'κ of the contractive penalty', number)
    .option('--corruption <kind:amount>', `${corruptionNames.map((name) => `${name}:0.25`).join(', ')}; none`)
    .option('--emphasis <a:b>', 'weights of corrupted and untouched coordinates in the loss')
    .addOption(new Option('--precision <p>', 'of the arithmetic (default float32)').choices(['float32', 'float64']));
}

export function addTrainingOptions(command: Command): Command {
  command
    .optionsGroup('Training:')
    .addOption(new Option('--optimizer <name>', 'how to descend').choices(Object.keys(optimizerKinds)));
  return addPartFlags(command, optimizerKinds)
    .option('--epochs <n>', 'passes over the data, of optimizers that take mini-batches', whole)
    .option('--batch-size <n>', 'examples a step, of the same', whole)
    .option('--seed <n>', 'of weights, patches, corruption and order (default 1): the same seed, the same bits', whole);
}

/** Of training that goes by the held-out examples. */
export function addStoppingOptions(command: Command): Command {
  return command
    .option(
      '--patience <epochs>',
      'end once the error of --held-out has not fallen for so many epochs, or iterations of lbfgs',
      whole,
    )
    .option('--min-delta <error>', 'by more than this is a fall, of --patience (default 0)', number)
    .addOption(
      new Option('--keep <which>', 'the parameters of the best epoch, by --held-out, or of the last').choices([
        'best',
        'last',
      ]),
    );
}

/** Of today's dictionaries, which `train` alone trains. */
export function addDictionaryOptions(command: Command): Command {
  command
    .optionsGroup('Dictionary:')
    .option('--center', "the encoder sees x − c, c the decoder's bias, which begins at the data's mean")
    .option('--no-center', 'it sees x')
    .option('--unit-norm', "the decoder's rows keep norm 1")
    .option('--no-unit-norm', 'they do not')
    .option('--prefixes <list>', 'widths that reconstruct by themselves, such as 1024,4096,16384', numbers)
    .addOption(
      new Option('--auxiliary <kind>', 'what revives dead units').choices([...Object.keys(auxiliaryKinds), 'none']),
    );
  addPartFlags(command, auxiliaryKinds);
  return addPartFlags(command, ruleKinds)
    .option('--penalty-warmup <steps>', 'over which the weights of penalties rise from 0', whole)
    .option('--target-data <source>', 'what the outputs are compared with, row by row: a transcoder')
    .option('--skip', 'of a transcoder: the outputs add a linear map of the inputs');
}

export function addOutputOptions(command: Command, folder: string): Command {
  return command
    .optionsGroup('Output:')
    .option('--out <folder>', `where the run goes (default ${folder}, numbered)`)
    .option('--force', 'replace the files of an existing run folder')
    .option('--json', 'print the summary as JSON');
}
