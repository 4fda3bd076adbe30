import { Command, CommanderError } from 'commander';
import { didYouMean } from '../../data/formats/closest.ts';
import { InputError, show } from '../../errors.ts';
import type { AutoencoderConfig } from '../../model/config.ts';
import type { Run } from '../../training/run.ts';
import { addShapingOptions } from './options.ts';
import { configValue, flagText, type TypedKey } from './values.ts';

/** A value of a key: its text, and what it changes. */
export interface Choice {
  readonly text: string;
  /** As if these flags had been typed. */
  readonly flags?: Readonly<Record<string, unknown>>;
  /** What stands at `Varied.path` of the run's config. */
  readonly value?: unknown;
}

/** A key that a sweep varies. */
export interface Varied {
  /** As it was typed. */
  readonly key: string;
  /** Of a key of the config: where it stands, such as ['model', 'sparsity', 'weight']. */
  readonly path?: readonly string[];
  readonly choices: readonly Choice[];
}

type Keys<T> = readonly (keyof T & string)[];
const MODEL: Keys<AutoencoderConfig> = [
  ...([
    'hidden',
    'activation',
    'output',
    'loss',
    'tied',
    'weightDecay',
    'weightL1',
    'sparsity',
    'contraction',
  ] as const),
  ...(['corruption', 'emphasis', 'initialization', 'center', 'prefixes', 'unitNorm', 'auxiliary', 'skip'] as const),
  'precision',
];
const FIT: Keys<Run['fit']> = ['optimizer', 'rules', 'epochs', 'batchSize', 'penaltyWarmup', 'stop', 'keep'];
const DATA: Keys<Run['data']> = [
  'table',
  'array',
  'axes',
  'unit',
  'classes',
  'limit',
  'transpose',
  'gray',
  'patches',
  'preprocessing',
];
const SECTIONS: Readonly<Record<string, readonly string[]>> = { model: MODEL, fit: FIT, data: DATA };

/** Keys that are not varied, and what is done instead. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  seed: 'give --seeds 3, or --seeds 1,5,9',
  'held-out': 'runs are compared by the same held-out examples: give --held-out once',
  source: 'errors on other data cannot be compared: sweep each by itself',
  'target-data': 'errors on other targets cannot be compared: sweep each by itself',
  'data.patches.seed': 'give --seeds 3, or --seeds 1,5,9',
};
const SAME: Readonly<Record<string, string>> = {
  'model.seed': 'seed',
  'fit.seed': 'seed',
  heldOut: 'held-out',
  target: 'target-data',
  'patches.seed': 'seed',
};
const UNVARIED = ['config', 'print-config', 'labels'];

/**
 * What a key and its values change: a flag of the command without its dashes, or a key of a run's config, in which model., fit. and
 * data. may be left out.
 * @throws InputError for a key that is none, naming one that is near, and for a value that its flag does not take.
 */
export function varied({ key, texts }: TypedKey): Varied {
  const elsewhere = ELSEWHERE[SAME[key] ?? key];
  if (elsewhere !== undefined) throw new InputError(`--vary names ${show(key)}, which is not varied: ${elsewhere}`);
  const flags = shapingFlags();
  if (flags.includes(key)) {
    return { key, choices: texts.map((text) => ({ text, flags: flagsOf(key, text) })) };
  }
  const path = pathOf(key);
  if (path !== undefined) return { key, path, choices: texts.map((text) => ({ text, value: configValue(text) })) };
  const known = [...flags, ...Object.entries(SECTIONS).flatMap(([name, keys]) => keys.map((own) => `${name}.${own}`))];
  const near = didYouMean(key, [...known, ...known.map((own) => own.replace(/^\w+\./, ''))]);
  throw new InputError(
    `--vary names ${show(key)}, which is no key${near}: it must be a flag without its dashes, such as learning-rate, or a key of what --print-config prints, such as sparsity.weight`,
  );
}

/** The run with a value at a place of its config. */
export function withValue(run: Run, path: readonly string[], value: unknown): Run {
  return placed(run, path, value) as Run;
}

function placed(given: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(given) && /^\d{1,6}$/.test(key) && Number(key) < given.length) {
    return given.map((entry, i) => (i === Number(key) ? placed(entry, rest, value) : entry));
  }
  const own = typeof given === 'object' && given !== null && !Array.isArray(given) ? given : {};
  const [inner] = Object.entries(own).filter(([name]) => name === key);
  return { ...own, [key]: placed(inner?.[1], rest, value) };
}

/** Where a key stands in a run's config; undefined where its first part is of none of its sections. */
function pathOf(key: string): string[] | undefined {
  const parts = key.split('.');
  if (parts.length > 8 || !parts.every((part) => /^\w{1,60}$/.test(part) && part !== '__proto__')) return undefined;
  const [first, second] = parts;
  if (Object.hasOwn(SECTIONS, first)) return SECTIONS[first].includes(second) ? parts : undefined;
  const section = Object.keys(SECTIONS).find((name) => SECTIONS[name].includes(first));
  return section === undefined ? undefined : [section, ...parts];
}

/** Flags that may be varied, without dashes. */
function shapingFlags(): string[] {
  const names = scratch().options.map(({ long, negate }) => (negate ? '' : (long ?? '').slice(2)));
  return names.filter((name) => name !== '' && !UNVARIED.includes(name) && !Object.hasOwn(ELSEWHERE, name));
}

function scratch(): Command {
  return addShapingOptions(new Command('sweep').exitOverride().configureOutput({ outputError: () => undefined }));
}

/** What commander makes of a flag's value; of one that takes none, true and false. */
function flagsOf(key: string, text: string): Record<string, unknown> {
  const command = scratch();
  const option = command.options.find(({ long }) => long === `--${key}`);
  const args = argumentsOf(key, text, option?.required === true, command);
  if (args === null) throw new InputError(`--vary ${key} is ${show(text)}: it must be true or false`);
  try {
    command.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    throw new InputError(`--vary ${key} is ${show(text)}: ${error.message.replace(/^error: |\n[\s\S]*/g, '')}`);
  }
  return command.opts();
}

function argumentsOf(key: string, text: string, takesValue: boolean, command: Command): string[] | null {
  if (takesValue) return [`--${key}=${flagText(text)}`];
  if (text === 'true') return [`--${key}`];
  if (text !== 'false') return null;
  return command.options.some(({ long }) => long === `--no-${key}`) ? [`--no-${key}`] : [];
}
