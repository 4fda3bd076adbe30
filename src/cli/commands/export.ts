import { type Command, Option } from 'commander';
import { type DictionaryFormat, dictionaryFormats } from '../../dictionaries/export/formats.ts';
import { loadModel } from '../../node/model-files.ts';
import { openRunFolder } from '../../node/run-folder.ts';
import { print } from '../output.ts';

interface Flags {
  format: DictionaryFormat;
  out: string;
  force?: boolean;
  json?: boolean;
}

/** Declares `rhohat export`. */
export function addExport(program: Command): void {
  program
    .command('export')
    .summary('write a dictionary in the files of another library')
    .description(
      'Writes a model of one hidden layer of relu, top-k, batch-top-k, jump-relu or gated units so that another library computes the same codes and reconstructions of raw examples: preprocessing is folded into the weights, BatchTopK and Matryoshka become thresholds. What cannot be had there is refused.',
    )
    .argument('<model>', 'a run folder, or its model.safetensors')
    .addOption(
      new Option('--format <name>', 'whose files: SAELens 6, dictionary_learning, or NumPy arrays named as Gemma Scope')
        .choices(dictionaryFormats)
        .makeOptionMandatory(),
    )
    .requiredOption('--out <folder>', 'where the files go')
    .option('--force', 'replace the files of an existing folder')
    .option('--json', 'print what was written as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ rhohat train table.csv --preset topk --preprocess scale
  $ rhohat export runs/table --format saelens --out exported
  $ rhohat export runs/table --format npz --out arrays --json`,
    )
    .action(writeDictionary);
}

async function writeDictionary(path: string, { format, out, force, json }: Flags): Promise<void> {
  const { exportDictionary } = await import('../../dictionaries/export/export-dictionary.ts'); // few commands need it
  const saved = await loadModel(path);
  const { files, architecture, notes } = await exportDictionary(saved, { format });
  const folder = await openRunFolder(out, force);
  try {
    await folder.commit(files);
  } finally {
    await folder.discard();
  }
  const { inputs, targets, hidden, precision } = saved.model.config;
  if (json) {
    print(
      JSON.stringify({
        out,
        format,
        architecture,
        files: [...files.keys()],
        inputs,
        targets,
        latents: hidden[0],
        dtype: precision,
        notes,
      }),
    );
    return;
  }
  print(
    `${out}: ${[...files.keys()].join(', ')}: ${architecture}, ${hidden[0]} latents of ${inputs} inputs, ${precision}`,
  );
  for (const note of notes) print(note);
}
