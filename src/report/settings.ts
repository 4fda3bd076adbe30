import { parseConfig } from '../model/config.ts';
import { optimizers } from '../optimizers/table.ts';
import { planFit } from '../training/options.ts';
import type { Run } from '../training/run.ts';

/** A setting that is not the same in all of some runs. */
export interface DifferingSetting {
  /** A flat key such as model.sparsity.weight; `seed` where a run's seeds are one. */
  readonly key: string;
  /** A value for each run, in their order; null where a run has no such setting. */
  readonly values: readonly (string | null)[];
}

/** What parts take for entries that a config leaves out, by their kind. */
const PART_DEFAULTS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  sgd: { momentum: 0, nesterov: false },
  lbfgs: { history: 20, tolerance: 1e-9 },
  kl: { average: 0 },
  l1: { decoderNorm: false },
  'k-sparse': { alpha: 1, annealOver: 0.5 },
  'top-k': { decoderNorm: false },
  'batch-top-k': { rate: 0.01 },
  gated: { decoderNorm: false, live: false },
  'jump-relu': { threshold: 1e-3, parameter: 'raw', toInput: false },
  'aux-k': { weight: 1 / 32, deadAfter: 10_000_000, variant: 'paper' },
  resample: { every: 25_000, times: 4, examples: 819_200, scale: 0.2 },
};
/** Entries whose null means that no part is named: shown as a kind, so that they stand beside those that are. */
const PARTS = ['model.sparsity', 'model.corruption', 'model.auxiliary'];
const SEEDS = ['model.seed', 'fit.seed', 'data.patches.seed'];

/**
 * What a run was asked, by flat keys such as model.sparsity.weight, as text, in the order of its config: defaults filled in, so that
 * runs that do the same have the same settings. `model.inputs` follows from the data, and is none.
 * @throws InputError where the run is not valid.
 */
export function flatSettings(run: Run): Record<string, string> {
  const { inputs: _, targets: __, ...model } = parseConfig({ ...run.model, inputs: 1 });
  const { epochs, batchSize, ...fit } = planFit(run.fit, Number.MAX_SAFE_INTEGER, model.seed, model.precision);
  const batches = optimizers[fit.optimizer.kind].data === 'batch' ? { epochs, batchSize } : {};
  const whole = {
    source: run.source,
    target: run.target,
    data: { ...run.data, preprocessing: run.data.preprocessing ?? [] },
    model: { ...model, contraction: model.contraction.weight === 0 ? 0 : model.contraction },
    fit: { keep: 'last', penaltyWarmup: 0, ...fit, ...batches },
    heldOut: run.heldOut ?? 0,
  };
  const flat: Record<string, string> = {};
  flatten(whole, '', flat);
  return flat;
}

/**
 * The settings in which runs differ, as `flatSettings` names them. Seeds of a run that are one in every run are one setting, `seed`.
 * @throws InputError where a run is not valid.
 */
export function differingSettings(runs: readonly Run[]): DifferingSetting[] {
  const flats = runs.map((run) => oneSeed(flatSettings(run), runs));
  const keys = [...new Set(flats.flatMap((flat) => Object.keys(flat)))];
  return keys
    .map((key) => ({ key, values: flats.map((flat) => (Object.hasOwn(flat, key) ? flat[key] : null)) }))
    .filter(({ values }) => new Set(values).size > 1);
}

/** The seeds as one where every run has but one. */
function oneSeed(flat: Record<string, string>, runs: readonly Run[]): Record<string, string> {
  const isOne = runs.every(({ model, fit, data }) => {
    const seed = model.seed ?? 1;
    return (fit.seed ?? seed) === seed && (data.patches?.seed ?? seed) === seed;
  });
  if (!isOne) return flat;
  const { 'model.seed': seed, ...others } = flat;
  for (const key of SEEDS) delete others[key];
  return { ...others, seed };
}

function flatten(value: unknown, key: string, into: Record<string, string>): void {
  if (value === undefined) return;
  if (value === null) into[PARTS.includes(key) ? `${key}.kind` : key] = 'none';
  else if (typeof value === 'string') into[key] = value;
  else if (Array.isArray(value)) flattenList(value, key, into);
  else if (typeof value === 'object') {
    const part = withDefaults(value);
    if (isConstant(part)) into[key] = String(part.value);
    else for (const [name, entry] of Object.entries(part)) flatten(entry, key === '' ? name : `${key}.${name}`, into);
  } else into[key] = String(value);
}

/** A list of numbers and words is one setting, one of parts is a setting for each of their entries. */
function flattenList(list: readonly unknown[], key: string, into: Record<string, string>): void {
  if (list.length === 0) into[key] = 'none';
  else if (list.some((entry) => typeof entry === 'object')) {
    list.forEach((entry, i) => {
      flatten(entry, `${key}.${i}`, into);
    });
  } else if (['model.activation', 'model.tied'].includes(key) && list.every((entry) => entry === list[0])) {
    into[key] = String(list[0]);
  } else into[key] = list.every((entry) => !String(entry).includes(',')) ? list.join(',') : JSON.stringify(list);
}

function withDefaults(part: object): Record<string, unknown> {
  const given = part as Record<string, unknown>;
  const { kind } = given;
  if (typeof kind !== 'string' || !Object.hasOwn(PART_DEFAULTS, kind)) return given;
  const annealing = given.annealFrom === undefined ? {} : { annealOver: 0.5 };
  return { ...given, ...missing({ ...PART_DEFAULTS[kind], ...annealing }, given) };
}

function missing(defaults: Readonly<Record<string, unknown>>, given: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(defaults).filter(([name]) => given[name] === undefined));
}

/** A schedule that is a number written at length. */
function isConstant({ kind, warmup = 0 }: Record<string, unknown>): boolean {
  return kind === 'constant' && warmup === 0;
}
