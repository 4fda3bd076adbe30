import { realpath } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { InputError } from '../../errors.ts';
import { openDictionary } from '../../node/dictionary-files.ts';
import { kindOfPath } from '../../node/read-bytes.ts';
import { writeWhole } from '../../node/run-folder.ts';
import { modelPieces } from '../../training/model-writer.ts';
import { count } from '../flags/flags.ts';
import { print } from '../output.ts';

interface Flags {
  out?: string;
  preBias?: 'yes' | 'no';
  k?: number;
  force?: boolean;
  json?: boolean;
}

/** Declares `rhohat import`. */
export function addImport(program: Command): void {
  program
    .command('import')
    .summary('make a model of a dictionary that another library trained')
    .description(
      'Reads SAELens 3 to 6, Gemma Scope 1 and 2, sparsify, dictionary_learning, OpenAI, Llama Scope and state dicts of PyTorch, and writes a model that encode, score and inspect take. Nothing in a file is ever run. What was assumed or folded into the weights is printed.',
    )
    .argument('<path>', 'a folder with its config, or its file of weights')
    .option('--out <file>', 'where the model goes (default: model.safetensors)')
    .addOption(
      new Option(
        '--pre-bias <answer>',
        "whether inputs lose the decoder's bias before they are encoded, where the file does not say it",
      ).choices(['yes', 'no']),
    )
    .option('--k <n>', 'units that are on, where the file does not say it', count)
    .option('--force', 'replace the model that is there')
    .option('--json', 'print what was read as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ rhohat import sae/ --out imported.safetensors  # cfg.json and its weights
  $ rhohat import sae.pt --pre-bias no --k 4       # writes model.safetensors
  $ rhohat inspect imported.safetensors
  $ rhohat encode imported.safetensors activations.npy --out codes.npy`,
    )
    .action(importDictionary);
}

async function importDictionary(path: string, flags: Flags): Promise<void> {
  const { out = 'model.safetensors', preBias, k, force = false, json = false } = flags;
  if (!force && out !== '' && (await kindOfPath(out)) !== undefined) {
    throw new InputError(`${out} exists: choose another --out, or add --force to replace it`);
  }
  if (force) await assertElsewhere(path, out);
  const loaded = await openDictionary(path, { preBias: preBias === undefined ? undefined : preBias === 'yes', k });
  const { model, preprocessing, metadata, format, architecture, notes, facts } = loaded;
  await writeWhole(out, modelPieces(model, 'autoencoder', { preprocessing, metadata }));
  const { inputs, targets, hidden } = model.config;
  const parameters = model.engine.layout.length;
  const steps = preprocessing.map(({ kind }) => kind);
  const [units] = hidden;
  if (json) {
    const sizes = { inputs, targets, units, parameters };
    print(JSON.stringify({ file: out, format, architecture, ...sizes, preprocessing: steps, notes, facts }, null, 1));
    return;
  }
  const sizes = `${inputs} inputs, ${units} units${targets === inputs ? '' : `, ${targets} outputs`}`;
  print([
    `${out}: ${format}, ${architecture}, ${sizes}, ${parameters.toLocaleString('en-US')} parameters`,
    ...Object.entries(facts).map(([key, value]) => `  ${key}: ${value}`),
    ...notes.map((note) => `  ${note}`),
    `next: rhohat inspect ${out} DATA measures it on activations, an example a row; rhohat encode ${out} DATA --out codes.npy`,
  ]);
}

/** What is imported may be all that there is of it, in more bits than the model has. */
async function assertElsewhere(path: string, out: string): Promise<void> {
  const real = (one: string) => realpath(one).catch(() => resolve(one));
  const [source, target] = [await real(path), await real(out)];
  if ((await kindOfPath(target)) !== 'file') return;
  if (source !== target && source !== dirname(target) && resolve(source, 'checkpoints') !== dirname(target)) return;
  throw new InputError(`--out ${out} is a file of what is imported, which would be lost: choose another --out`);
}
