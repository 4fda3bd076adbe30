import * as v from 'valibot';
import { InputError } from '../../errors.ts';
import type { KernelChoice } from '../../kernels/kernels.ts';
import { resumeRun, type UnfinishedRun } from '../../node/unfinished-run.ts';
import { ranOnEntries } from '../../report/ran-on.ts';
import { parseRun, type Run } from '../../training/run.ts';
import { nonNegativeInteger, oneOf, parse, positiveInteger, show } from '../../validate.ts';
import { VERSION } from '../../version.ts';
import { DEVICES, type Device } from '../flags/engine-flags.ts';
import type { CommonFlags } from './run-from-flags.ts';

export interface TrainFlags extends CommonFlags {
  pca?: number;
  live?: boolean;
  port?: number;
  metricsEvery?: number;
  resume?: string;
  checkpointEvery?: number | string;
  onSaveError?: 'stop' | 'continue';
  shard?: 'latents';
}

/** What a run folder's run.json holds: the run, and the flags beside it that shape its results. */
export interface RunSettings {
  readonly rhohat: string;
  readonly run: Run;
  readonly labels?: string;
  readonly pca?: number;
  readonly device?: Device;
  /** Where --device auto chose: it is kept by those that go on. */
  readonly chosen?: KernelChoice | undefined;
  /** The GPU that it began on, by name. */
  readonly adapter?: string | undefined;
  readonly deterministic?: boolean;
  readonly fastFloat64?: boolean;
  readonly turbo?: boolean;
  readonly checkpointEvery?: number | string;
  readonly metricsEvery?: number;
  /** How many share the work; one where it is not told. */
  readonly processes?: number;
  /** What of the model they share; each sees all rows then. */
  readonly shard?: 'latents';
  readonly about?: RunAbout;
  /** The words that began it. */
  readonly command?: readonly string[];
}

/** What data and options made of the run: for those who look at it while it trains. */
export interface RunAbout {
  readonly examples: number;
  readonly read?: string;
  readonly steps: number;
  readonly epochs: number;
}

const text = () => v.optional(v.string('it must be a text'));
const flag = () => v.optional(v.boolean('it must be true or false'));
const schema = v.strictObject({
  rhohat: v.string('it must be a version'),
  run: v.unknown(),
  labels: text(),
  pca: v.optional(nonNegativeInteger()),
  device: v.optional(oneOf(DEVICES)),
  chosen: ranOnEntries.chosen,
  adapter: text(),
  deterministic: flag(),
  fastFloat64: flag(),
  turbo: flag(),
  checkpointEvery: v.optional(v.union([v.number(), v.string()], 'it must be a number of steps or a time')),
  metricsEvery: v.optional(positiveInteger()),
  processes: v.optional(positiveInteger()),
  shard: v.optional(oneOf(['latents'] as const)),
  command: v.optional(v.array(v.string('it must be a word'), 'it must be a list of words')),
  about: v.optional(
    v.strictObject({
      examples: nonNegativeInteger(),
      read: text(),
      steps: nonNegativeInteger(),
      epochs: nonNegativeInteger(),
    }),
  ),
});

/** The settings of a new run. */
export function settingsOf(run: Run, flags: TrainFlags): RunSettings {
  const { labels, pca, device, deterministic, fastFloat64, turbo, checkpointEvery, metricsEvery, shard } = flags;
  const command = process.argv.slice(2);
  const engine = { device, deterministic, fastFloat64, turbo };
  return { rhohat: VERSION, run, labels, pca, ...engine, checkpointEvery, metricsEvery, shard, command };
}

/** Flags that may stand beside --resume: they change no bit, or say how to go on. */
const FREE = [
  'resume',
  'threads',
  'json',
  'checkpointEvery',
  'onSaveError',
  'device',
  'deterministic',
  'fastFloat64',
  'turbo',
  'live',
  'metricsEvery',
  'shard', // of a run that has it
];

/**
 * The run that --resume goes on with, and its own settings.
 * @throws InputError where the folder holds no unfinished run, or another argument or flag would shape it anew.
 */
export async function resumedSettings(
  path: string,
  source: string | undefined,
  flags: TrainFlags,
): Promise<{ run: UnfinishedRun; settings: RunSettings }> {
  const other = Object.keys(flags).find((name) => !FREE.includes(name));
  const named = source ?? (other && `--${other.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
  if (named !== undefined) {
    throw new InputError(`${named} is given with --resume, which goes on with the run's own config: leave it out`);
  }
  const { run, description } = await resumeRun(path);
  const what = `${path}/run.json`;
  const settings = parse(schema, description, what);
  if (flags.shard !== undefined && flags.shard !== settings.shard) {
    throw new InputError(
      `--shard ${flags.shard} is given with --resume, and the run did not begin so: leave it out, or train anew`,
    );
  }
  if (settings.rhohat !== VERSION) {
    throw new InputError(
      `${what}: rhohat ${show(settings.rhohat)} began the run, this is ${VERSION}: go on with that version, or train anew`,
    );
  }
  const { checkpointEvery = settings.checkpointEvery, metricsEvery = settings.metricsEvery } = flags;
  return { run, settings: { ...settings, run: parseRun(settings.run), checkpointEvery, metricsEvery } };
}
