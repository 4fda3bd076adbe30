import { join } from 'node:path';
import * as v from 'valibot';
import { InputError } from '../../errors.ts';
import { readJson } from '../../node/read-json.ts';
import { assertPlain } from '../../node/staged-files.ts';
import { flatSettings } from '../../report/settings.ts';
import { parseRun, type Run } from '../../training/run.ts';
import { oneOf, parse, positiveInteger, seed, show } from '../../validate.ts';
import { VERSION } from '../../version.ts';
import { DEVICES, type Device } from '../flags/engine-flags.ts';

export const PLAN_FILE = 'sweep.json';
/** Runs of a sweep: beyond this a folder is no longer looked through, nor a table read. */
export const MOST_RUNS = 4096;

/** A run of a sweep. */
export interface PlannedRun {
  /** Of its folder. */
  readonly name: string;
  /** The value of each varied key, as text, in the order of `vary`. */
  readonly values: readonly string[];
  readonly seed: number;
  readonly run: Run;
}

/** What sweep.json holds: everything that is needed to go on. */
export interface SweepPlan {
  readonly rhohat: string;
  readonly vary: readonly { readonly key: string; readonly values: readonly string[] }[];
  readonly seeds: readonly number[];
  /** Examples by whose error runs are compared. */
  readonly heldOut: number;
  /** Whether nobody said how many: a tenth. */
  readonly heldOutChosen: boolean;
  /** Training examples of a run, and numbers of each, at most. */
  readonly examples: readonly [number, number];
  /** What stands beside the config in each run's command. */
  readonly flags: {
    readonly labels?: string | undefined;
    readonly device?: Device | undefined;
    readonly deterministic?: boolean | undefined;
    readonly fastFloat64?: boolean | undefined;
    readonly turbo?: boolean | undefined;
    readonly checkpointEvery?: number | string | undefined;
  };
  readonly runs: readonly PlannedRun[];
}

const texts = () => v.array(v.string('it must be a text'), 'it must be a list of texts');
const schema = v.strictObject(
  {
    rhohat: v.string('it must be a version'),
    vary: v.array(v.strictObject({ key: v.string('it must be a text'), values: texts() })),
    seeds: v.array(seed()),
    heldOut: positiveInteger(),
    heldOutChosen: v.boolean('it must be true or false'),
    examples: v.strictTuple([positiveInteger(), positiveInteger()]),
    flags: v.strictObject({
      labels: v.optional(v.string('it must be a text')),
      device: v.optional(oneOf(DEVICES)),
      deterministic: v.optional(v.boolean('it must be true or false')),
      fastFloat64: v.optional(v.boolean('it must be true or false')),
      turbo: v.optional(v.boolean('it must be true or false')),
      checkpointEvery: v.optional(v.union([v.number(), v.string()], 'it must be a number of steps or a time')),
    }),
    runs: v.pipe(
      v.array(v.strictObject({ name: v.string('it must be a text'), values: texts(), seed: seed(), run: v.unknown() })),
      v.minLength(1, 'it must have a run'),
      v.maxLength(MOST_RUNS, `it must have at most ${MOST_RUNS} entries`),
    ),
  },
  'it must be what rhohat sweep writes',
);

/** The plan of a sweep's folder. @throws InputError where it is damaged, or of another version. */
export async function readPlan(folder: string): Promise<SweepPlan> {
  const path = join(folder, PLAN_FILE);
  const plan = parse(schema, await readJson(path), path);
  if (plan.rhohat !== VERSION) {
    throw new InputError(
      `${path}: rhohat ${show(plan.rhohat)} began the sweep, this is ${VERSION}: go on with that version, or begin anew`,
    );
  }
  for (const { name, values } of plan.runs) {
    assertPlain(name);
    if (name.startsWith('.') || !name.includes('=') || values.length !== plan.vary.length) {
      throw new InputError(`${path} has a run ${show(name)}, which no sweep makes: it is damaged, begin anew`);
    }
  }
  return { ...plan, runs: plan.runs.map((planned) => ({ ...planned, run: parseRun(planned.run) })) };
}

/** The text of sweep.json. */
export function planText(plan: SweepPlan): string {
  return `${JSON.stringify(plan, null, 1)}\n`;
}

/** Whether two plans have the same runs, by the same names, to the same bits. */
export function samePlan(a: SweepPlan, b: SweepPlan): boolean {
  const text = ({ heldOut, seeds, flags, runs }: SweepPlan) =>
    JSON.stringify([
      ...[
        heldOut,
        seeds,
        flags.labels,
        flags.device ?? 'cpu',
        flags.deterministic ?? false,
        flags.fastFloat64 ?? false,
        flags.turbo ?? null,
      ],
      ...runs.map(({ name, run }) => [name, flatSettings(run)]),
    ]);
  return text(a) === text(b);
}
