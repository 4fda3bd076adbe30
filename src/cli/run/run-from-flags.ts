import { type CorruptionSpec, corruptionNames, corruptionOf } from '../../corruption/corruption.ts';
import type { Fill } from '../../data/preprocessing/fill.ts';
import { LAYER_NORM_EPSILON } from '../../data/preprocessing/layer-norm.ts';
import type { PreprocessingSpec } from '../../data/preprocessing/preprocessing.ts';
import { InputError } from '../../errors.ts';
import { activations } from '../../kernels/activations/table.ts';
import type { SparsityConfig } from '../../model/config.ts';
import { type DataSize, dictionaries } from '../../training/dictionaries.ts';
import { models, presets } from '../../training/presets.ts';
import { parseDataPlan, parseRun, type Run, type SourcePlan } from '../../training/run.ts';
import { show } from '../../validate.ts';
import type { EngineFlags } from '../flags/engine-flags.ts';
import { anyTyped, impliedKind, sparsityKinds, specFromFlags } from '../flags/part-flags.ts';
import { type DictionaryFlags, dictionaryFlags } from './dictionary-flags.ts';
import { type FitFlags, fitOptions } from './fit-flags.ts';
import { isSized, sizedBase } from './sized-preset.ts';

/** The flags that shape a run, as commander hands them over; those of parts stand beside them: see part-flags.ts. */
export interface RunFlags extends DictionaryFlags, FitFlags {
  config?: string;
  preset?: string;
  model?: string;
  columns?: (string | number)[];
  decimal?: '.' | ',';
  header?: boolean;
  array?: string;
  without?: (string | number)[];
  delimiter?: string;
  labelColumn?: string | number;
  dropRows?: boolean;
  image?: SourcePlan['image'];
  fill?: Fill['by'];
  axes?: string;
  unit?: number;
  classes?: number[];
  limit?: number;
  transpose?: boolean;
  gray?: boolean;
  patchSize?: number;
  patches?: number;
  preprocess?: string[];
  heldOut?: number;
  hidden?: number | number[];
  activation?: string[];
  output?: string;
  loss?: string;
  tied?: boolean;
  weightDecay?: number;
  weightL1?: number;
  sparsity?: string;
  contraction?: number;
  corruption?: string;
  emphasis?: string;
  precision?: string;
  seed?: number;
}

/** What every command that trains takes beside them. */
export interface CommonFlags extends RunFlags, EngineFlags {
  printConfig?: boolean;
  labels?: string;
  out?: string;
  force?: boolean;
  json?: boolean;
}

/** ε of whitening; of contrast normalisation Coates, Lee & Ng's 10 on a scale of 0 to 255. */
const WHITENING_EPSILON = 0.1;
const CONTRAST_EPSILON = 10 / 255 ** 2;

/**
 * The run that a source and flags describe: where it begins (a config file, a preset, a kind of model, or what suits the
 * data), each flag replacing its part. `source` undefined: the preset's own data. `size`: of the data, for a preset that follows
 * from them; without it they are taken for larger than any.
 * @throws InputError naming the flag or key.
 */
export function runFromFlags(source: string | undefined, flags: RunFlags, config?: Run, size?: DataSize): Run {
  const start = flags.preset === undefined ? flags.model && '--model' : '--preset';
  if (config !== undefined && start) {
    throw new InputError(`--config and ${start} are both given: each is a place to begin; leave one out`);
  }
  const base = config ?? chooseBase(source, flags, size);
  const target = flags.targetData ?? base.target;
  const seed = flags.seed ?? base.model.seed ?? 1;
  const fit = fitOptions(base.fit, flags);
  const heldOut = flags.heldOut ?? base.heldOut;
  assertHeldOut(fit, heldOut);
  return parseRun({
    source: source ?? base.source,
    ...(target === undefined ? {} : { target }),
    data: dataPlan(base.data, flags, flags.seed ?? base.data.patches?.seed ?? seed),
    model: { ...base.model, ...modelFlags(base, flags), seed },
    fit: { ...fit, seed: flags.seed ?? base.fit.seed ?? seed },
    ...(heldOut ? { heldOut } : {}),
  });
}

/** @throws InputError where examples are missing that a flag goes by. */
function assertHeldOut({ stop, keep }: Run['fit'], heldOut: number | undefined): void {
  if (heldOut || (stop === undefined && keep !== 'best')) return;
  const [flag, value] = stop === undefined ? ['--keep', keep] : ['--patience', stop.patience];
  throw new InputError(
    `${flag} is ${value} without --held-out, the examples whose error it goes by: add --held-out 1000, say, or leave it out`,
  );
}

/** Patches of any images are treated as those of the generated ones, unless a preset or a kind of model is named. */
function chooseBase(source: string | undefined, flags: RunFlags, size?: DataSize): Run {
  const { preset, model, patchSize } = flags;
  if (preset !== undefined && model !== undefined) {
    throw new InputError(
      `--preset ${preset} and --model ${model} are both given: each is a place to begin; leave one out`,
    );
  }
  if (isSized(flags)) return sizedBase(source, flags, size);
  if (preset !== undefined) return lookUp('--preset', preset, presets, Object.keys(dictionaries));
  const patches = patchSize !== undefined || source === undefined || source === 'dead-leaves';
  const { source: generated, data } = presets['dead-leaves'];
  if (model !== undefined) {
    return { source: generated, data: patches ? data : {}, ...lookUp('--model', model, models) };
  }
  return patches ? presets['dead-leaves'] : { source: generated, data: {}, ...models.sparse };
}

function lookUp<T>(flag: string, name: string, table: Readonly<Record<string, T>>, others: string[] = []): T {
  if (Object.hasOwn(table, name)) return table[name];
  throw new InputError(`${flag} is ${show(name)}: it must be one of ${[...Object.keys(table), ...others].join(', ')}`);
}

/** The entries that are not undefined. */
function defined(values: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function dataPlan(base: SourcePlan, flags: RunFlags, seed: number): SourcePlan {
  const size = flags.patchSize ?? base.patches?.size;
  if (flags.patches !== undefined && size === undefined) {
    throw new InputError(`--patches is ${flags.patches} without a size: add --patch-size, such as --patch-size 8`);
  }
  const patches =
    size === undefined ? undefined : { size, count: flags.patches ?? base.patches?.count ?? 10_000, seed };
  const { columns, without, decimal, header, delimiter, labelColumn: label, dropRows } = flags;
  const asked = defined({ columns, without, decimal, header, delimiter, label, dropRows });
  const table = { ...base.table, ...asked };
  return parseDataPlan(
    defined({
      table: Object.keys(table).length > 0 ? table : undefined,
      array: flags.array ?? base.array,
      axes: flags.axes ?? base.axes,
      unit: flags.unit ?? base.unit,
      image: flags.image ?? base.image,
      classes: flags.classes ?? base.classes,
      limit: flags.limit ?? base.limit,
      transpose: flags.transpose ?? base.transpose,
      gray: flags.gray ?? base.gray,
      patches,
      preprocessing: preprocessingOf(base, flags),
    }),
  );
}

/** The steps, what fills gaps before all others. */
function preprocessingOf(base: SourcePlan, { preprocess, fill }: RunFlags): SourcePlan['preprocessing'] {
  const steps = preprocess?.filter((step) => step !== 'none').map(preprocessingStep) ?? base.preprocessing;
  if (fill === undefined) return steps;
  return [{ kind: 'fill', by: fill }, ...(steps ?? []).filter(({ kind }) => kind !== 'fill')];
}

/** What --preprocess takes, and how many parts each step has at most, its name included. */
export const STEPS =
  'cs294a, standardize, scale, contrast[:epsilon], layer-norm[:epsilon], constant-norm, zca[:epsilon], pca[:epsilon[:components]], joined by commas; none';
const steps: Readonly<Record<string, number | undefined>> = {
  cs294a: 1,
  standardize: 1,
  scale: 1,
  contrast: 2,
  'layer-norm': 2,
  'constant-norm': 1,
  zca: 2,
  pca: 3,
};

/** cs294a, standardize, scale, contrast, layer-norm, constant-norm, zca, pca, zca:0.01, pca:0.1:64 (ε, components). */
function preprocessingStep(text: string): PreprocessingSpec {
  const [kind, epsilon, components, ...more] = text.split(':');
  const byDefault: Record<string, number> = {
    zca: WHITENING_EPSILON,
    pca: WHITENING_EPSILON,
    contrast: CONTRAST_EPSILON,
    'layer-norm': LAYER_NORM_EPSILON,
  };
  const spec: Record<string, unknown> = { kind };
  if (epsilon !== undefined || Object.hasOwn(byDefault, kind)) spec.epsilon = amountOf(epsilon, byDefault[kind]);
  if (components !== undefined) spec.components = amountOf(components);
  const parts = steps[kind];
  if (
    parts === undefined ||
    more.length > 0 ||
    Object.keys(spec).length > parts ||
    Object.values(spec).some(Number.isNaN)
  ) {
    throw new InputError(`--preprocess has the step ${show(text)}: steps are ${STEPS}`);
  }
  return spec as unknown as PreprocessingSpec;
}

function modelFlags(base: Run, flags: RunFlags): Record<string, unknown> {
  const { activation } = flags;
  const depth = Array.isArray(flags.hidden) ? flags.hidden.length : 1;
  const f =
    activation === undefined
      ? fitted(base.model.activation, flags.hidden === undefined ? null : depth)
      : activation.length === 1
        ? activation[0]
        : activation;
  return defined({
    hidden: flags.hidden,
    activation: f,
    output: flags.output,
    loss: flags.loss,
    tied: flags.tied,
    weightDecay: flags.weightDecay,
    weightL1: flags.weightL1,
    sparsity: sparsity(base.model.sparsity ?? null, f, flags),
    contraction: flags.contraction,
    corruption: flags.corruption === undefined ? undefined : corruption(flags.corruption),
    emphasis: flags.emphasis === undefined ? undefined : emphasis(flags.emphasis),
    precision: flags.precision,
    ...dictionaryFlags(base, flags),
  });
}

/** The base's units for another number of layers: the last as it was, the others as the first. */
function fitted(f: Run['model']['activation'], depth: number | null): Run['model']['activation'] {
  if (!Array.isArray(f) || depth === null || f.length === depth) return f;
  return Array.from({ length: depth }, (_, i) => (i === depth - 1 ? f[f.length - 1] : f[0]));
}

/** The base's penalty with flags over it. The kind that is asked for, with its own defaults where the base has another. */
function sparsity(
  given: SparsityConfig | readonly SparsityConfig[] | null,
  f: unknown,
  flags: RunFlags,
): SparsityConfig | readonly SparsityConfig[] | null {
  const unasked = flags.sparsity === undefined && !anyTyped(sparsityKinds, flags);
  const builtIn = flags.preset === undefined && flags.config === undefined && flags.model === undefined;
  if (unasked && !(builtIn && givesUpKl(given, f))) return given;
  // The model that nobody asked for by name has KL; with unbounded units its like is L1.
  if (unasked) return specFromFlags(sparsityKinds, 'l1', {}, null, '--sparsity l1') as unknown as SparsityConfig;
  const base = Array.isArray(given) ? null : (given as SparsityConfig | null);
  // What a dictionary's preset is of is said by its name: flags of another kind do not change it.
  const implied = isSized(flags) ? undefined : impliedKind(sparsityKinds, flags, base?.kind);
  const kind = flags.sparsity ?? implied ?? base?.kind ?? 'none';
  const spec = specFromFlags(sparsityKinds, kind, flags, base, `--sparsity ${kind}`);
  return kind === 'none' ? null : (spec as unknown as SparsityConfig);
}

/** Whether the sparsity is KL and the units, all of one kind, have no rate for it. */
function givesUpKl(given: SparsityConfig | readonly SparsityConfig[] | null, f: unknown): boolean {
  if (given === null || Array.isArray(given) || (given as SparsityConfig).kind !== 'kl') return false;
  return typeof f === 'string' && activations[f as keyof typeof activations]?.rate === null;
}

/** Nothing, which Number takes for 0, is no amount. */
function amountOf(text: string | undefined, byDefault = Number.NaN): number {
  if (text === undefined) return byDefault;
  return text.trim() === '' ? Number.NaN : Number(text);
}

/** masking:0.25, salt-and-pepper:0.1, gaussian:0.3; none. */
function corruption(text: string): CorruptionSpec | null {
  if (text === 'none') return null;
  const [kind, amount, ...more] = text.split(':');
  const share = amountOf(amount, 0.25);
  if (more.length > 0 || Number.isNaN(share) || !corruptionNames.includes(kind as CorruptionSpec['kind'])) {
    throw new InputError(
      `--corruption is ${show(text)}: it must be one of ${corruptionNames.join(', ')} and an amount, such as masking:0.25`,
    );
  }
  return corruptionOf(kind, share) as CorruptionSpec;
}

/** 1:0.5. */
function emphasis(text: string) {
  const [corrupted, untouched, ...more] = text.split(':');
  if (more.length > 0 || Number.isNaN(amountOf(corrupted)) || Number.isNaN(amountOf(untouched))) {
    throw new InputError(
      `--emphasis is ${show(text)}: it must be two weights, of corrupted and untouched, such as 1:0.5`,
    );
  }
  return { corrupted: amountOf(corrupted), untouched: amountOf(untouched) };
}
