import { InputError } from '../../errors.ts';
import { flatSettings } from '../../report/settings.ts';
import { parseRun, type Run } from '../../training/run.ts';
import { VERSION } from '../../version.ts';
import { assertDevice } from '../flags/engine-flags.ts';
import { readRun } from '../run/run-data.ts';
import { runFromFlags } from '../run/run-from-flags.ts';
import type { TrainFlags } from '../run/run-settings.ts';
import { type Open, openParts } from '../run/suit-data.ts';
import { type Choice, type Varied, varied, withValue } from './keys.ts';
import { runNames } from './names.ts';
import { MOST_RUNS, type PlannedRun, type SweepPlan } from './plan.ts';
import { SweptData } from './swept-data.ts';
import { typedKey } from './values.ts';

/** The flags of `rhohat sweep`. */
export interface SweepFlags extends TrainFlags {
  vary?: string[];
  seeds?: number[];
  jobs?: number;
}

/** Of all examples, where nobody says how many are held out. */
const HELD_OUT_SHARE = 0.1;
/** What is settled when held-out examples are known. */
const GO_BY_HELD_OUT = ['patience', 'minDelta', 'keep'] as const;

/**
 * The runs of a sweep: every combination of the values, with every seed. Data are read once, to hold examples out and to choose by
 * them what the flags leave open.
 * @throws InputError for keys and values that are none, for a combination whose config is not valid, for equal ones and too many.
 */
export async function makePlan(source: string | undefined, flags: SweepFlags): Promise<SweepPlan> {
  const { vary = [], seeds = [1], labels, device, deterministic, fastFloat64, turbo, checkpointEvery } = flags;
  if (flags.heldOut === 0) {
    throw new InputError(
      '--held-out is 0: runs are compared by the error of held-out examples: give 1 or more, or leave it out, for a tenth of them',
    );
  }
  const keys = distinct(vary.map((given) => varied(typedKey(given))));
  const count = seeds.length * keys.reduce((product, { choices }) => product * choices.length, 1);
  if (count > MOST_RUNS) {
    throw new InputError(
      `--vary and --seeds ask for ${count} runs: at most ${MOST_RUNS} are allowed; vary less at once`,
    );
  }
  const config = flags.config === undefined ? undefined : await readRun(flags.config);
  const combinations = product(keys);
  const asked = (choices: readonly Choice[], heldOut: number, without: readonly string[] = []) =>
    naming(keys, choices, () => {
      const own = withFlags(flags, choices, heldOut, seeds[0], without);
      return { own, run: withKeys(keys, choices, runFromFlags(source, own, config)) };
    });
  for (const choices of combinations) asked(choices, flags.heldOut ?? 1); // what is wrong is told before data are read
  const data = new SweptData(labels);
  const given = flags.heldOut ?? config?.heldOut;
  let heldOut = given || Number.POSITIVE_INFINITY;
  for (const choices of given ? [] : combinations) {
    const all = await data.count(asked(choices, 1, GO_BY_HELD_OUT).run);
    heldOut = Math.min(heldOut, Math.max(1, Math.round(HELD_OUT_SHARE * all)));
  }
  const runs: { texts: readonly string[]; seed: number; run: Run }[] = [];
  for (const choices of combinations) {
    const { own, run } = asked(choices, heldOut);
    const suited = await data.suited(run, closed(openParts(run, own), keys));
    const whole = naming(keys, choices, () => withKeys(keys, choices, suited));
    const texts = choices.map(({ text }) => text);
    runs.push(...seeds.map((seed) => ({ texts, seed, run: seeded(whole, seed) })));
  }
  const names = runNames(keys, runs);
  const planned = runs.map(({ texts, seed, run }, i) => ({ name: names[i], values: texts, seed, run }));
  assertDifferent(planned);
  for (const { run } of planned) assertDevice(flags, { precision: run.model.precision });
  return {
    rhohat: VERSION,
    vary: keys.map(({ key, choices }) => ({ key, values: choices.map(({ text }) => text) })),
    seeds,
    heldOut,
    heldOutChosen: !given,
    examples: data.size,
    flags: { labels, device, deterministic, fastFloat64, turbo, checkpointEvery },
    runs: planned,
  };
}

/** @throws InputError where a key is given twice: its values belong together. */
function distinct(keys: readonly Varied[]): readonly Varied[] {
  const twice = keys.find(({ key }, i) => keys.findIndex((other) => other.key === key) !== i);
  if (twice === undefined) return keys;
  throw new InputError(`--vary names ${twice.key} twice: give all of its values at once`);
}

/** One choice of each key, the last key's changing first. */
function product(keys: readonly Varied[]): readonly (readonly Choice[])[] {
  return keys.reduce<readonly (readonly Choice[])[]>(
    (all, { choices }) => all.flatMap((before) => choices.map((choice) => [...before, choice])),
    [[]],
  );
}

/** The flags as if those of the choices had been typed. */
function withFlags(
  flags: SweepFlags,
  choices: readonly Choice[],
  heldOut: number,
  seed: number,
  without: readonly string[],
): SweepFlags {
  const merged = Object.assign({}, flags, ...choices.map((choice) => choice.flags), { heldOut, seed });
  return Object.fromEntries(Object.entries(merged).filter(([name]) => !without.includes(name)));
}

function withKeys(keys: readonly Varied[], choices: readonly Choice[], run: Run): Run {
  const changed = keys.reduce(
    (before, { path }, i) => (path === undefined ? before : withValue(before, path, choices[i].value)),
    run,
  );
  return parseRun(changed);
}

/** As --seed of `train`. */
function seeded(run: Run, seed: number): Run {
  const { patches } = run.data;
  return {
    ...run,
    data: patches === undefined ? run.data : { ...run.data, patches: { ...patches, seed } },
    model: { ...run.model, seed },
    fit: { ...run.fit, seed },
  };
}

/** What is varied by its key in the config is not chosen by the data. */
function closed(open: Open, keys: readonly Varied[]): Open {
  const has = (...begin: string[]) => keys.some(({ path }) => begin.every((part, i) => path?.[i] === part));
  return {
    ...open,
    preprocessing: has('data', 'preprocessing') ? false : open.preprocessing,
    output: has('model', 'output') ? false : open.output,
    optimizer: has('fit') ? false : open.optimizer,
  };
}

/** @throws InputError where two combinations are the same run. */
function assertDifferent(runs: readonly PlannedRun[]): void {
  const seen = new Map<string, string>();
  for (const { name, run } of runs) {
    const text = JSON.stringify(flatSettings(run));
    const other = seen.get(text);
    if (other !== undefined) {
      throw new InputError(
        `--vary and --seeds give the same run twice, ${other} and ${name}: leave one of the values out`,
      );
    }
    seen.set(text, name);
  }
}

/** Adds to an error which combination it is about, where there is something to tell apart. */
function naming<T>(keys: readonly Varied[], choices: readonly Choice[], work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof InputError) || keys.length === 0) throw error;
    const which = keys.map(({ key }, i) => `${key}=${choices[i].text}`).join(' ');
    throw new InputError(`with ${which.slice(0, 200)}: ${error.message}`);
  }
}
