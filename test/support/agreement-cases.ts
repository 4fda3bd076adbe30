import { matrix, type Numbers, type Precision } from '../../src/array/matrix.ts';
import { corruptionNames, corruptionOf } from '../../src/corruption/corruption.ts';
import { activations } from '../../src/kernels/activations/table.ts';
import { layerKinds } from '../../src/layers/table.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { autoencoderSpec } from '../../src/model/autoencoder-spec.ts';
import { Classifier } from '../../src/model/classifier.ts';
import type { ClassifierConfig } from '../../src/model/classifier-config.ts';
import { type AutoencoderConfig, parseConfig, type SparsityConfig } from '../../src/model/config.ts';
import type { Group } from '../../src/model/group.ts';
import type { CreateOptions } from '../../src/model/kernel-options.ts';
import { optimizers } from '../../src/optimizers/table.ts';
import { lossNames } from '../../src/terms/losses.ts';
import { auxiliaries, sparsityTerms } from '../../src/terms/table.ts';
import { fit } from '../../src/training/fit.ts';
import { fitClassifier, stages } from '../../src/training/fit-classifier.ts';
import type { FitOptions } from '../../src/training/options.ts';
import { rules } from '../../src/training/rules/table.ts';
import { dictionaries } from './dictionaries.ts';
import { uniforms } from './views.ts';

// Every objective with every optimizer and rule, from the tables of parts: what several processes must agree on.

/** What a run has come to. */
export interface Outcome {
  /** J of the whole set at the end. */
  readonly cost: number;
  readonly theta: Numbers;
}

/** A run of 50 steps, or of 10 iterations over the whole set (5 in float32), which processes may share. */
export interface AgreementCase {
  readonly name: string;
  make(group?: Group): Promise<Outcome>;
}

const ROWS = 23;
const INPUTS = 6;
const TARGETS = 4;
const CLASSES = 3;
/** Five batches an epoch, the last of three rows: of four processes one has none. */
const BATCH = { batchSize: 5, epochs: 10 };

/**
 * Where k-sparse layers begin by default, near W = 0, all activations are nearly equal, and L-BFGS makes percents of a rounding
 * of θ, in one process too: which units survive hangs on it.
 */
const initialization = { kind: 'uniform' } as const;

type Objective = Partial<AutoencoderConfig>;
interface Kind {
  readonly proof?: readonly object[] | undefined;
}

/** Every case in the precision, on models that are created to run as `runs` says. */
export function* agreementCases(precision: Precision, runs: CreateOptions = {}): Generator<AgreementCase> {
  for (const [name, objective] of Object.entries(objectives())) {
    const config: AutoencoderConfig = {
      inputs: INPUTS,
      hidden: 8,
      weightDecay: 1e-3,
      seed: 2,
      initialization,
      ...objective,
      precision,
    };
    for (const options of optimizerOptions(precision)) {
      if (options.epochs === undefined && !takesWhole(config)) continue;
      yield { name: `${name}, ${nameOf(options)}`, make: (group) => train(config, runs, options, group) };
    }
  }
  const dictionary: AutoencoderConfig = { inputs: INPUTS, hidden: 21, sparsity: { kind: 'top-k', k: 3 }, precision };
  for (const options of optimizerOptions(precision)) {
    if (options.epochs === undefined) continue; // the whole set takes no rules
    for (const rule of ruleSpecs()) {
      const ruled = { ...options, rules: [rule] };
      yield {
        name: `${JSON.stringify(rule)}, ${nameOf(options)}`,
        make: (group) => train(dictionary, runs, ruled, group),
      };
    }
  }
  for (const layers of [undefined, [{ kind: 'k-sparse', k: 3 }, null] as const]) {
    const config: ClassifierConfig = {
      ...{ inputs: INPUTS, hidden: [6, 4], classes: CLASSES, weightDecay: 1e-3, precision },
      ...(layers === undefined ? {} : { layers }),
    };
    for (const options of optimizerOptions(precision)) {
      for (const stage of stages) {
        const name = `classifier${layers ? ', k-sparse' : ''}, stage ${stage}, ${nameOf(options)}`;
        yield { name, make: (group) => classify(config, runs, { ...options, stage }, group) };
      }
    }
  }
}

/** Every kind of part that an autoencoder may have. */
function objectives(): Record<string, Objective> {
  const all: Record<string, Objective> = { plain: {} };
  for (const [name, config] of Object.entries(dictionaries)) all[name] = { hidden: 21, ...config };
  const kinds: readonly (readonly [string, Kind])[] = [...Object.entries(sparsityTerms), ...Object.entries(layerKinds)];
  for (const [kind, { proof = [] }] of kinds) {
    for (const spec of proof) {
      const sparsity = spec as SparsityConfig;
      const plain = kind === 'gated' || kind === 'top-k' || kind === 'batch-top-k';
      all[JSON.stringify(spec)] = { sparsity, ...(kind === 'k-sparse' ? { initialization } : {}) };
      if (!plain) all[`${JSON.stringify(spec)}, deep, tied`] = { hidden: [7, 5, 4], sparsity, tied: true };
    }
  }
  for (const [kind, { proof = [] }] of Object.entries(auxiliaries) as [string, Kind][]) {
    for (const spec of proof) {
      const auxiliary = spec as NonNullable<AutoencoderConfig['auxiliary']>;
      all[`${kind} ${JSON.stringify(spec)}`] = { sparsity: { kind: 'top-k', k: 2 }, auxiliary };
    }
  }
  for (const loss of lossNames) for (const tied of [true, false]) all[`${loss}, tied ${tied}`] = { loss, tied };
  for (const activation of Object.keys(activations) as (keyof typeof activations)[]) {
    all[activation] = { activation };
    all[`${activation}, contraction, deep`] = { activation, hidden: [7, 5], contraction: 0.1 };
    all[`output ${activation}`] = { output: activation };
  }
  for (const kind of corruptionNames) {
    const corruption = corruptionOf(kind, 0.3) as NonNullable<AutoencoderConfig['corruption']>;
    all[kind] = { corruption };
    all[`${kind}, emphasis`] = { corruption, emphasis: { corrupted: 1, untouched: 0.5 }, loss: 'cross-entropy' };
  }
  all['weight L1, tied, contraction'] = { weightL1: 1e-3, tied: true, contraction: 0.1 };
  all['a term on every layer'] = {
    hidden: [7, 5, 4],
    sparsity: [
      { kind: 'k-sparse', k: 3, layer: 0 },
      { kind: 'kl', target: 0.2, weight: 0.5, layer: 1 },
      { kind: 'l1', weight: 0.01, layer: 2 },
    ],
    contraction: { weight: 0.1, layer: 2 },
    activation: ['linear', 'sigmoid', 'tanh'],
  };
  return all;
}

/** Every optimizer: by mini-batches with a learning rate, or over the whole set with a number of iterations. */
function optimizerOptions(precision: Precision): FitOptions[] {
  const iterations = precision === 'float64' ? 10 : 5; // which L-BFGS amplifies rounding over
  const options: FitOptions[] = [];
  for (const [kind, { data, steps }] of Object.entries(
    optimizers as Record<string, { data: string; steps?: string }>,
  )) {
    const optimizer = data === 'batch' ? { kind, learningRate: 0.01 } : { kind, [steps ?? '']: iterations };
    options.push({ optimizer, ...(data === 'batch' ? BATCH : {}) } as FitOptions);
  }
  options.push({ optimizer: { kind: 'sgd', learningRate: 0.003, momentum: 0.9, nesterov: true }, ...BATCH });
  return options;
}

/** Every rule, with what makes it act within 50 steps. */
function ruleSpecs(): NonNullable<FitOptions['rules']> {
  const entries: Record<string, object> = { 'clip-norm': { most: 0.05 }, resample: { every: 10, deadAfter: 30 } };
  return Object.keys(rules).map((kind) => ({ kind, ...entries[kind] })) as unknown as NonNullable<FitOptions['rules']>;
}

function nameOf({ optimizer }: FitOptions): string {
  return JSON.stringify(optimizer);
}

/** Whether an optimizer over the whole set allows the objective: its cost must be the same at every step. */
function takesWhole(config: AutoencoderConfig): boolean {
  if (config.unitNorm) return false;
  const { state, layers } = autoencoderSpec(parseConfig(config));
  return (
    state.every(({ role }) => role !== 'model-state') &&
    layers.every(({ choice, terms }) => {
      const still = terms.every(({ kind, spec }) => kind.refusesWhole?.(spec) == null);
      return choice.kind.exact !== false && still;
    })
  );
}

async function train(
  config: AutoencoderConfig,
  runs: CreateOptions,
  options: FitOptions,
  group?: Group,
): Promise<Outcome> {
  const model: Autoencoder = await Autoencoder.create(config, runs);
  const x = matrix(uniforms(ROWS * INPUTS, 4, 0.1, 0.9), ROWS, INPUTS);
  const transcodes = config.targets !== undefined;
  const target = transcodes ? matrix(uniforms(ROWS * TARGETS, 5, 0.1, 0.9), ROWS, TARGETS) : undefined;
  await fit(model, x, { ...options, target, group });
  const { cost } = await model.costAndGradient(x, { target });
  const theta = await model.engine.kernels.copyOut(model.engine.theta);
  model.dispose();
  return { cost, theta };
}

async function classify(
  config: ClassifierConfig,
  runs: CreateOptions,
  options: Omit<FitOptions, 'validation'> & { stage: (typeof stages)[number] },
  group?: Group,
): Promise<Outcome> {
  const model = await Classifier.create(config, runs);
  const x = matrix(uniforms(ROWS * INPUTS, 4, 0.1, 0.9), ROWS, INPUTS);
  const labels = Array.from({ length: ROWS }, (_, i) => i % CLASSES);
  await fitClassifier(model, x, labels, { ...options, group } as Parameters<typeof fitClassifier>[3]);
  const { cost } = await model.costAndGradient(x, labels);
  const theta = await model.engine.kernels.copyOut(model.engine.theta);
  model.dispose();
  return { cost, theta };
}
