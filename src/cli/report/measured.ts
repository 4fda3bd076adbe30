import { InputError } from '../../errors.ts';
import { type Metrics, measure } from '../../measures/metrics.ts';
import { type Answered, topExamples } from '../../measures/top-examples.ts';
import type { SavedModel } from '../../training/model-file.ts';
import type { ReadFlags } from '../flags/read-flags.ts';
import { say, short } from '../output.ts';
import { modelInputs } from '../run/model-inputs.ts';
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
 * Measures a model on a source, or on its training data; says on stderr where the mean example would be nearer.
 * @throws InputError where a latent is none of the model's, or the data do not fit it.
 */
export async function measuredRun(
  saved: SavedModel,
  source: string | undefined,
  { latents: units = [], limit, ...read }: { latents?: readonly number[]; limit?: number } & ReadFlags,
): Promise<Measured> {
  const { model } = saved;
  const h = model.config.hidden[model.config.hidden.length - 1];
  const none = units.find((unit) => unit >= h);
  if (none !== undefined) {
    throw new InputError(`--latents names unit ${none}: the model has ${h} units, so each must be from 0 to ${h - 1}`);
  }
  const { x } = await modelInputs(saved, source, { limit, ...read });
  const metrics = await measure(model, x);
  const { explainedVariance, density } = metrics;
  if (explainedVariance < 0) {
    say(
      `rhohat: explained variance is ${short(explainedVariance)}, below 0: the mean example would be nearer than what the model makes of it; wrong layer, scale or hook, or other data than it was trained on?`,
    );
  }
  const top = await topExamples(model, x, units, SHOWN);
  const latents = units.map((unit, i) => ({ unit, firing: metrics.firing[unit], examples: top[i] }));
  const [examples] = x.shape;
  return {
    lines: [...metricLines(metrics, examples, source), ...latents.flatMap(latentLines)],
    json: { ...(source === undefined ? {} : { source }), examples, ...numbersOf(metrics), latents },
    async draw(files) {
      const { densityHistogram } = await import('../../figures/density-histogram.ts'); // plotting: loaded when it draws
      const svg = await attempt('density.svg is', () => densityHistogram(density));
      if (svg !== undefined) files.set('density.svg', svg);
    },
  };
}

function metricLines(metrics: Metrics, examples: number, source: string | undefined): string[] {
  const { explainedVariance, l0, l1, cosine, normRatio, firing, neverFire, deadUnits } = metrics;
  const moved = deadUnits.length === neverFire.length ? '' : `; no example moves ${deadUnits.length}`;
  return [
    `measured on ${examples.toLocaleString('en-US')} ${examples === 1 ? 'example' : 'examples'} of ${source ?? 'the training data'}`,
    `  explained variance  ${Number.isNaN(explainedVariance) ? 'undefined: equal examples have no variance' : short(explainedVariance)}`,
    `  L0                  ${short(l0)} of ${firing.length} units, L1 ${short(l1)}`,
    `  dead                ${neverFire.length} of ${firing.length} units never fire${moved}`,
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
function numbersOf({ meanActivations: _, firing: __, ...numbers }: Metrics) {
  return numbers;
}
