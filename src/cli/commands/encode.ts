import { type Command, Option } from 'commander';
import { type Matrix, type Precision, rowRange, toFlat, zeros } from '../../array/matrix.ts';
import { npyPieces } from '../../data/formats/npy.ts';
import { InputError } from '../../errors.ts';
import type { CreateOptions } from '../../model/kernel-options.ts';
import { loadModel } from '../../node/model-files.ts';
import { writeWhole } from '../../node/run-folder.ts';
import type { SavedModel } from '../../training/model-file.ts';
import { pieces } from '../csv-text.ts';
import { addEngineOptions, assertDevice, type EngineFlags, kernelOptions } from '../flags/engine-flags.ts';
import { whole } from '../flags/flags.ts';
import { outFormat } from '../flags/out-format.ts';
import { addReadFlags, type ReadFlags } from '../flags/read-flags.ts';
import { print, printPieces } from '../output.ts';
import { tellRuntime } from '../report/kernel-note.ts';
import { modelInputs } from '../run/model-inputs.ts';
import { noteNewer } from '../run/newer-run.ts';
import { type Parallel, parallel } from '../run/parallel.ts';
import { assertStarted } from '../run/shared-latents.ts';
import { decideTurbo, encodingWork } from '../run/turbo.ts';

interface Flags extends ReadFlags, EngineFlags {
  out?: string;
  limit?: number;
  json?: boolean;
  shard?: 'latents';
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
    .addOption(
      new Option('--shard <what>', 'under mpirun: each process loads its share of the latents alone').choices([
        'latents',
      ]),
    )
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
  const team = await parallel();
  assertDevice(flags, { together: team.group !== null });
  if (flags.shard !== undefined) assertStarted('encode', team);
  const shape =
    team.group === null ? await encodeAlone(path, source, flags) : await encodeShared(team, path, source, flags);
  if (shape === null || flags.out === undefined) return;
  const { examples, units, dtype } = shape;
  print(
    flags.json
      ? JSON.stringify({ file: flags.out, examples, units, dtype })
      : `${flags.out}: ${examples} codes of ${units} units, ${dtype}`,
  );
}

/** Of codes. */
interface Written {
  readonly examples: number;
  readonly units: number;
  readonly dtype: Precision;
}

async function encodeAlone(path: string, source: string | undefined, flags: Flags): Promise<Written> {
  const saved = await loaded(path, flags, flags);
  const { model } = saved;
  const { x } = await modelInputs(saved, source, flags);
  await decideTurbo(flags, encodingWork(model.config, x.shape[0]));
  const codes = await model.encode(x);
  if (flags.out === undefined) await printPieces(asText(codes));
  else await writeWhole(flags.out, outFormat(flags.out) === '.npy' ? npyPieces(codes) : asText(codes));
  return { examples: codes.shape[0], units: codes.shape[1], dtype: model.config.precision };
}

/** The same by several processes; null where another one failed. */
async function encodeShared(
  { group, threads, decideTurbo }: Parallel,
  path: string,
  source: string | undefined,
  flags: Flags,
): Promise<Written | null> {
  if (group === null) return null;
  if (flags.shard !== undefined) {
    const { encodeLatents } = await import('../run/encode-latents.ts');
    const saved = await loaded(path, flags, { ...flags, threads: threads(flags) }, { latents: group });
    const examples = await encodeLatents(saved, source, flags, outFormat(flags.out) === '.npy' ? null : asText);
    const { hidden, precision } = saved.model.config;
    return { examples, units: hidden[0], dtype: precision };
  }
  const { sharedEncoding, encodeTogether } = await import('../run/encode-together.ts');
  const load = () => loaded(path, flags, { ...flags, threads: threads(flags) });
  const encoding = await sharedEncoding(group, load, source, flags);
  if (encoding === null) return null;
  const { config } = encoding.saved.model;
  const { examples } = encoding.rows;
  await decideTurbo(flags, encodingWork(config, Math.ceil(examples / group.size)));
  const isBinary = outFormat(flags.out) === '.npy';
  const done = await encodeTogether(group, encoding, flags.out, isBinary ? null : asText);
  return done ? { examples, units: config.hidden[config.hidden.length - 1], dtype: config.precision } : null;
}

/** The model, once the flags are found to go together. */
async function loaded(
  path: string,
  { out, json }: Flags,
  engine: EngineFlags,
  options: CreateOptions = {},
): Promise<SavedModel> {
  const saved = await loadModel(path, { ...kernelOptions(engine), ...options });
  tellRuntime(saved.model.config.precision, saved.model.runtime);
  outFormat(out);
  if (json && out === undefined) {
    throw new InputError('--json without --out would mix with the codes on stdout: add --out codes.npy');
  }
  await noteNewer(path);
  return saved;
}

function asText(codes: Matrix): Iterable<string> {
  return pieces(csvLines(codes));
}

/** One line an example; numbers as JavaScript writes them, so that reading them back gives the same numbers. */
function* csvLines(codes: Matrix): Generator<string> {
  const [rows, columns] = codes.shape;
  const row = zeros(columns, codes.data instanceof Float32Array ? 'float32' : 'float64');
  for (let i = 0; i < rows; i++) yield toFlat(rowRange(codes, i, i + 1), row).join(',');
}
