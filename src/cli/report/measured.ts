import { InputError } from '../../errors.ts';
import type { CodeUse } from '../../measures/code-use.ts';
import { codesUsed } from '../../measures/codes-used.ts';
import { type Metrics, measure } from '../../measures/metrics.ts';
import { type Answered, topExamples } from '../../measures/top-examples.ts';
import type { SavedModel } from '../../training/model-file.ts';
import type { ReadFlags } from '../flags/read-flags.ts';
import { say, short } from '../output.ts';
import { modelInputs } from '../run/model-inputs.ts';
import { comparedWith, scoredAgainst, type TargetFlags } from '../run/scored-against.ts';
import { attempt } from './attempt.ts';
import type { Files } from './run-output.ts';

/** What `rhohat inspect` found on data. */
interface Measured {
  /** For a person. */
  readonly lines: readonly string[];
  /** For --json. */
  readonly json: unknown;
  /** Adds density.svg; what cannot be drawn is left out, and said. */
  draw(files: Files): Promise<void>;
}

/** A unit and the examples that it answers most. */
interface Latent {
  readonly unit: number;
  /** The share of the examples on which it fires. */
  readonly firing: number;
  readonly examples: readonly Answered[];
}

/** Of each latent. */
const SHOWN = 10;

/**
 * Measures a model on a source, or on its training data, of a transcoder against its targets; says on stderr where the mean example
 * would be nearer. Latents of a transcoder need no targets: without them its codes alone are measured.
 * @throws InputError where a latent is none of the model's, the data do not fit it, or targets are needed and not known.
 */
export async function measuredRun(
  saved: SavedModel,
  source: string | undefined,
  { latents: units = [], limit, targetData, ...read }: { latents?: readonly number[] } & TargetFlags & ReadFlags,
): Promise<Measured> {
  const { model } = saved;
  const h = model.config.hidden[model.config.hidden.length - 1];
  const none = units.find((unit) => unit >= h);
  if (none !== undefined) {
    throw new InputError(`--latents names unit ${none}: the model has ${h} units, so each must be from 0 to ${h - 1}`);
  }
  const { x } = await modelInputs(saved, source, { limit, ...read });
  const against = units.length === 0 ? scoredAgainst : comparedWith;
  const compared = await against(saved, x, source, { targetData, limit });
  const target = compared?.target;
  const metrics = compared && (await measure(model, x, target === undefined ? {} : { target: compared.y }));
  if (metrics !== null && metrics.explainedVariance < 0) {
    const also =
      saved.metadata.dictionary === undefined
        ? ''
        : '; or does it take a pre-bias that it was not imported with (rhohat import --pre-bias yes|no)?';
    say(
      `rhohat: explained variance is ${short(metrics.explainedVariance)}, below 0: the mean example would be nearer than what the model makes of it; wrong layer, scale or hook, or other data than it was trained on?${also}`,
    );
  }
  const use = metrics ?? (await codesUsed(model, x));
  const top = await topExamples(model, x, units, SHOWN);
  const latents = units.map((unit, i) => ({ unit, firing: use.firing[unit], examples: top[i] }));
  const [examples] = x.shape;
  const named = { ...(source === undefined ? {} : { source }), ...(target === undefined ? {} : { target }) };
  return {
    lines: [
      `measured on ${examples.toLocaleString('en-US')} ${examples === 1 ? 'example' : 'examples'} of ${source ?? 'the training data'}${target === undefined ? '' : `, against ${target}`}`,
      ...metricLines(use, metrics, target === undefined ? 'examples' : 'targets'),
      ...latents.flatMap(latentLines),
    ],
    json: { ...named, examples, ...numbersOf(metrics ?? use), latents },
    async draw(files) {
      const { densityHistogram } = await import('../../figures/density-histogram.ts'); // plotting: loaded when it draws
      const svg = await attempt('density.svg is', () => densityHistogram(use.density));
      if (svg !== undefined) files.set('density.svg', svg);
    },
  };
}

/** `metrics` null: of the codes alone. */
function metricLines({ l0, l1, firing, neverFire }: CodeUse, metrics: Metrics | null, compared: string): string[] {
  const dead = metrics?.deadUnits ?? neverFire;
  const moved = dead.length === neverFire.length ? '' : `; no example moves ${dead.length}`;
  const codes = [
    `  L0                  ${short(l0)} of ${firing.length} units, L1 ${short(l1)}`,
    `  dead                ${neverFire.length} of ${firing.length} units never fire${moved}`,
  ];
  if (metrics === null) return [...codes, '  reconstruction      not measured: name the targets with --target-data'];
  const { explainedVariance, cosine, normRatio } = metrics;
  return [
    `  explained variance  ${Number.isNaN(explainedVariance) ? `undefined: equal ${compared} have no variance` : short(explainedVariance)}`,
    ...codes,
    `  reconstruction      cosine ${short(cosine)}, norm ratio ${short(normRatio)}`,
  ];
}

function latentLines({ unit, firing, examples }: Latent): string[] {
  if (examples.length === 0) return [`latent ${unit} never fires`];
  const width = Math.max(...examples.map(({ example }) => String(example).length));
  return [
    `latent ${unit} fires on ${short(100 * firing, 3)}% of the examples, most on`,
    ...examples.map(({ example, activation }) => `  example ${String(example).padStart(width)}  ${short(activation)}`),
  ];
}

/** Without what a person has no use for one by one; NaN becomes null. */
function numbersOf({ firing: _, ...numbers }: Metrics | CodeUse) {
  return { ...numbers, meanActivations: undefined };
}
