import type { DataPlan } from '../data/prepare.ts';
import type { PreprocessingSpec } from '../data/preprocessing.ts';
import { InputError } from '../errors.ts';
import type { ActivationName } from '../kernels/kernels.ts';
import { activations } from '../layers/activation.ts';
import type { SparsityConfig } from '../model/config.ts';
import type { OptimizerConfig } from '../optimizers/create.ts';
import { parseDataPlan, presets, type Run } from '../training/run.ts';

/** The flags of `rhohat train` that shape a run, as commander hands them over. */
export interface TrainFlags {
  preset?: string;
  limit?: number;
  gray?: boolean;
  patchSize?: number;
  patches?: number;
  preprocess?: string[];
  heldOut?: number;
  hidden?: number | number[];
  activation?: string;
  output?: string;
  loss?: string;
  tied?: boolean;
  weightDecay?: number;
  sparsity?: string;
  target?: number;
  sparsityWeight?: number;
  precision?: string;
  optimizer?: string;
  iterations?: number;
  epochs?: number;
  batchSize?: number;
  learningRate?: number;
  momentum?: number;
  nesterov?: boolean;
  seed?: number;
}

/** Without a preset: 100 sigmoid units held at ρ = 0.05, Adam. */
const GENERAL: Run = {
  source: 'dead-leaves',
  data: {},
  model: { hidden: 100, weightDecay: 1e-4 },
  fit: { optimizer: { kind: 'adam', learningRate: 1e-3 }, epochs: 20, batchSize: 100 },
};

const DEFAULT_EPSILON = 0.1;

/**
 * The run that a source and flags describe: the preset (by default that of the generated images), each flag replacing
 * its part. `source` undefined: the preset's own data.
 * @throws InputError naming the flag or key.
 */
export function runFromFlags(source: string | undefined, flags: TrainFlags): Run {
  const base = chooseBase(source, flags);
  const seed = flags.seed ?? 1;
  const activation = flags.activation ?? base.model.activation;
  return {
    source: source ?? base.source,
    data: dataPlan(base.data, flags, seed),
    model: {
      ...base.model,
      ...defined({
        hidden: flags.hidden,
        activation: flags.activation,
        output: flags.output,
        loss: flags.loss,
        tied: flags.tied,
        weightDecay: flags.weightDecay,
        precision: flags.precision,
      }),
      sparsity: sparsity(base.model.sparsity ?? null, activation as ActivationName, flags, base === GENERAL),
      seed,
    } as Run['model'],
    fit: { ...fitOptions(base.fit, flags), seed },
    heldOut: flags.heldOut ?? 0,
  };
}

/** Patches of any images are treated as those of the generated ones, unless a preset is named. */
function chooseBase(source: string | undefined, { preset, patchSize }: TrainFlags): Run {
  const patches = source === undefined || source === 'dead-leaves' || patchSize !== undefined;
  const name = preset ?? (patches ? 'dead-leaves' : undefined);
  if (name === undefined) return GENERAL;
  if (!Object.hasOwn(presets, name)) {
    throw new InputError(`--preset is ${JSON.stringify(name)}: it must be one of ${Object.keys(presets).join(', ')}`);
  }
  return presets[name];
}

/** The entries that are not undefined. */
function defined<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function dataPlan(base: DataPlan, flags: TrainFlags, seed: number): DataPlan {
  const size = flags.patchSize ?? base.patches?.size;
  if (flags.patches !== undefined && size === undefined) {
    throw new InputError(`--patches is ${flags.patches} without a size: add --patch-size, such as --patch-size 8`);
  }
  const patches =
    size === undefined ? undefined : { size, count: flags.patches ?? base.patches?.count ?? 10_000, seed };
  return parseDataPlan(
    defined({
      limit: flags.limit ?? base.limit,
      gray: flags.gray ?? base.gray,
      patches,
      preprocessing: flags.preprocess?.map(preprocessingStep) ?? base.preprocessing,
    }),
  );
}

/** cs294a, standardize, zca, pca, zca:0.01, pca:0.1:64 (ε, components); none is no step. */
function preprocessingStep(text: string): PreprocessingSpec {
  const [kind, epsilon, components] = text.split(':');
  const spec: Record<string, unknown> = { kind };
  if (kind === 'zca' || kind === 'pca') spec.epsilon = epsilon === undefined ? DEFAULT_EPSILON : Number(epsilon);
  if (components !== undefined) spec.components = Number(components);
  return spec as unknown as PreprocessingSpec;
}

/** The preset's penalty with flags over it. General runs: KL where units have a rate, else L1. */
function sparsity(
  base: SparsityConfig | null,
  activation: ActivationName | undefined,
  flags: TrainFlags,
  general: boolean,
): SparsityConfig | null {
  const hasRate = activation === undefined || activations[activation]?.rate != null;
  const kind = flags.sparsity ?? base?.kind ?? (general ? (hasRate ? 'kl' : 'l1') : 'none');
  if (kind === 'none') {
    for (const [flag, value] of [
      ['--target', flags.target],
      ['--sparsity-weight', flags.sparsityWeight],
    ]) {
      if (value !== undefined) throw new InputError(`${flag} is ${value} without a penalty: add --sparsity kl or l1`);
    }
    return null;
  }
  const given = base?.kind === kind ? base : undefined;
  if (kind === 'kl') {
    const target = given?.kind === 'kl' ? given.target : 0.05;
    return { ...given, kind, target: flags.target ?? target, weight: flags.sparsityWeight ?? given?.weight ?? 3 };
  }
  if (kind === 'l1') {
    if (flags.target !== undefined) {
      throw new InputError(`--target is ${flags.target} with --sparsity l1, which has no target: leave it out`);
    }
    return { ...given, kind, weight: flags.sparsityWeight ?? given?.weight ?? 0.01 };
  }
  throw new InputError(`--sparsity is ${JSON.stringify(kind)}: it must be one of kl, l1, none`);
}

function fitOptions(base: Run['fit'], flags: TrainFlags): Run['fit'] {
  const kind = flags.optimizer ?? base.optimizer?.kind;
  const same = base.optimizer?.kind === kind ? base.optimizer : undefined;
  const forLbfgs = kind === 'lbfgs';
  const misplaced = (
    forLbfgs
      ? ['epochs', 'batchSize', 'learningRate', 'momentum', 'nesterov']
      : kind === 'adam'
        ? ['iterations', 'momentum', 'nesterov']
        : ['iterations']
  ).find((key) => flags[key as keyof TrainFlags] !== undefined);
  if (misplaced !== undefined) {
    const flag = `--${misplaced.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    throw new InputError(`${flag} does not go with the optimizer ${kind}: leave it out, or choose another --optimizer`);
  }
  const own = defined({
    iterations: flags.iterations,
    learningRate: flags.learningRate,
    momentum: flags.momentum,
    nesterov: flags.nesterov,
  });
  const defaults: Record<string, object> = {
    lbfgs: { iterations: 400 },
    sgd: { learningRate: 0.1, momentum: 0.9 },
    adam: { learningRate: 1e-3 },
  };
  const optimizer = { ...(same ?? { kind, ...defaults[kind ?? ''] }), ...own } as OptimizerConfig;
  if (forLbfgs) return { optimizer };
  return {
    optimizer,
    epochs: flags.epochs ?? base.epochs ?? GENERAL.fit.epochs,
    batchSize: flags.batchSize ?? base.batchSize ?? GENERAL.fit.batchSize,
  };
}
