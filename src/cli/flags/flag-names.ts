import type { Command } from 'commander';
import { InputError } from '../../errors.ts';
import { auxiliaryKinds, optimizerKinds, partOptions, ruleKinds, sparsityKinds } from './part-flags.ts';

/** Keys of configs, and the option that sets each, by its name in commander; a key's own name goes without saying. */
const options: Readonly<Record<string, string>> = {
  ...partOptions('config.sparsity', sparsityKinds),
  ...partOptions('options.optimizer', optimizerKinds),
  ...partOptions('config.auxiliary', auxiliaryKinds),
  ...partOptions('options.rules', ruleKinds),
  'config.targets': 'targetData',
  'options.target': 'targetData',
  'options.validationTarget': 'targetData',
  'options.stop.patience': 'patience',
  'options.stop.minDelta': 'minDelta',
  'data.table.columns': 'columns',
  'data.table.decimal': 'decimal',
  'data.table.header': 'header',
  'data.table.without': 'without',
  'data.table.delimiter': 'delimiter',
  'data.table.label': 'labelColumn',
  'data.image': 'image',
  'options.delimiter': 'delimiter',
  'data.preprocessing': 'preprocess',
  'data.patches.size': 'patchSize',
  'data.patches.count': 'patches',
  'plan.patches': 'patchSize',
  'options.latents': 'shard',
};

/** As the library words it, for what has no single key: the flag of a command, and what it says in place of that. */
const WORDS: readonly (readonly [flag: string, words: string, instead: string])[] = [
  ['--loss', 'loss "squared-error" and a linear output', '--loss squared-error and --output linear'],
  ['--device', 'options.kernels is "webgpu", and', '--device is gpu, and'],
  ['--device', 'leave kernels out', 'leave --device out'],
  ['--shard', 'with options.latents, by which', 'with --shard latents, by which'],
  ['--shard', 'or share the rows of a batch, by the group of fit', 'or leave --shard out, and they share the rows'],
];

/**
 * The message of an error with flags in the place of config keys: a command-line user wrote
 * `--hidden`, not config.hidden. Where a file gave the config (--config, --resume), only for flags that were typed.
 */
export function nameFlags(error: unknown, command: Command | undefined): string {
  const given = error instanceof Error ? error.message : String(error);
  const taken = WORDS.filter(([flag]) => command?.options.some(({ long }) => long === flag));
  const message = taken.reduce((text, [, words, instead]) => text.replace(words, instead), given);
  if (!(error instanceof InputError) || command === undefined) return message;
  // After a path ("run.json: config.…") it is the file that says so.
  const [begin, key] = /^(?:run\.)?((?:config|options|data|run|plan)\.[\w.]+)/.exec(message) ?? [];
  const flag = key && flagOf(key, command);
  if (begin === undefined || flag === undefined) return message;
  const rest = message.slice(begin.length);
  return `${flag}${rest.replace(/(?<=[\s(])(?:config|plan)\.\w+(?:\.\w+)*/g, (other) => flagOf(other, command) ?? other)}`;
}

/** The flag of the longest beginning of a dotted key that has one. */
function flagOf(key: string, command: Command): string | undefined {
  const fromFile = command.getOptionValue('config') !== undefined || command.getOptionValue('resume') !== undefined;
  const parts = key.replace(/^(options\.rules)\.\d+/, '$1').split('.'); // of a list, whichever
  for (let n = parts.length; n > 1; n--) {
    const name = options[parts.slice(0, n).join('.')] ?? parts[n - 1];
    const found = command.options.find((option) => option.attributeName() === name && !option.negate);
    if (found === undefined || (n > 2 && options[parts.slice(0, n).join('.')] === undefined)) continue;
    return fromFile && command.getOptionValueSource(name) !== 'cli' ? undefined : found.long;
  }
  return undefined;
}
