import { createHash } from 'node:crypto';
import { type Matrix, matrix } from '../../src/array/matrix.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { Classifier } from '../../src/model/classifier.ts';
import type { ClassifierConfig } from '../../src/model/classifier-config.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import type { OptimizerConfig } from '../../src/optimizers/table.ts';
import { fit } from '../../src/training/fit.ts';
import { fitClassifier, type Stage } from '../../src/training/fit-classifier.ts';
import { fitStack, unroll } from '../../src/training/stack.ts';

/** What a run is made on. */
export interface Maker {
  autoencoder(config: AutoencoderConfig): Promise<Autoencoder>;
  classifier(config: ClassifierConfig): Promise<Classifier>;
}

/** On deterministic kernels and one thread. */
export const deterministic: Maker = {
  autoencoder: (config) => Autoencoder.create(config, { deterministic: true, threads: 1 }),
  classifier: (config) => Classifier.create(config, { deterministic: true, threads: 1 }),
};

/** Short runs of every model, penalty, corruption, stage and optimizer: each a function to the SHA-256 of its θ. */
export type KnownRun = (precision: 'float32' | 'float64', maker?: Maker) => Promise<string>;

const INPUTS = 13; // no multiple of a vector's lanes
const EXAMPLES = 57; // the last batch of 20 is short
const CLASSES = 3;

const x: Matrix = matrix(
  Float64Array.from({ length: EXAMPLES * INPUTS }, (_, i) => 0.02 + ((i * 7919) % 97) / 100),
  EXAMPLES,
  INPUTS,
);
const labels = Array.from({ length: EXAMPLES }, (_, i) => (i * i) % CLASSES);

const batches = { epochs: 3, batchSize: 20 } as const;
const sgd = { kind: 'sgd', learningRate: 0.05, momentum: 0.9 } as const;
const adam = { kind: 'adam', learningRate: 2e-3 } as const;
const KL = { kind: 'kl', target: 0.1, weight: 0.5 } as const;
const L1 = { kind: 'l1', weight: 0.02 } as const;
const K_SPARSE = { kind: 'k-sparse', k: 3, annealFrom: 6 } as const;

const optimizers: Readonly<Record<string, OptimizerConfig>> = {
  'SGD, constant': { kind: 'sgd', learningRate: 0.05 },
  'SGD, momentum': sgd,
  'SGD, Nesterov, linear schedules': {
    kind: 'sgd',
    learningRate: { kind: 'linear', from: 0.1, to: 0.01, warmup: 2 },
    momentum: { kind: 'linear', from: 0.5, to: 0.9 },
    nesterov: true,
  },
  'SGD, cosine': { kind: 'sgd', learningRate: { kind: 'cosine', from: 0.1, to: 0 } },
  Adam: adam,
  'Adam, β and ε of its own': { kind: 'adam', learningRate: 1e-3, beta1: 0.5, beta2: 0.9, epsilon: 1e-4 },
  'L-BFGS': { kind: 'lbfgs', iterations: 6 },
  'L-BFGS, two pairs': { kind: 'lbfgs', iterations: 6, history: 2 },
};

type Config = Omit<AutoencoderConfig, 'inputs' | 'precision' | 'seed'>;

const models: Readonly<Record<string, Config>> = {
  plain: { hidden: 9 },
  KL: { hidden: 9, weightDecay: 1e-3, sparsity: KL },
  'KL, tanh': { hidden: 9, activation: 'tanh', output: 'linear', sparsity: KL },
  L1: { hidden: 9, sparsity: L1 },
  'L1, relu, tied': { hidden: 9, activation: 'relu', output: 'linear', sparsity: L1, tied: true },
  'k-sparse': { hidden: 9, sparsity: K_SPARSE },
  'k-sparse, α, no annealing': { hidden: 9, sparsity: { kind: 'k-sparse', k: 3, alpha: 2, annealOver: 0 } },
  'k-sparse, relu, untied': {
    hidden: 9,
    activation: 'relu',
    tied: false,
    sparsity: { kind: 'k-sparse', k: 2, annealFrom: 4, annealOver: 1 },
  },
  'k-sparse on both of two layers': {
    hidden: [9, 7],
    sparsity: [
      { ...K_SPARSE, layer: 0 },
      { ...K_SPARSE, layer: 1 },
    ],
  },
  'k-sparse below KL': {
    hidden: [9, 7],
    activation: 'sigmoid',
    sparsity: [
      { ...K_SPARSE, layer: 0 },
      { ...KL, layer: 1 },
    ],
  },
  contractive: { hidden: 9, contraction: 0.1 },
  'contractive, softplus, second layer': {
    hidden: [9, 5],
    activation: 'softplus',
    contraction: { weight: 0.05, layer: 1 },
  },
  'weight L1': { hidden: 9, weightL1: 1e-3 },
  'weight decay and L1, tied': { hidden: 9, weightDecay: 1e-2, weightL1: 1e-3, tied: true },
  'cross-entropy': { hidden: 9, loss: 'cross-entropy', sparsity: KL },
  'relu, linear output': { hidden: 9, activation: 'relu', output: 'linear' },
  'linear, tanh output': { hidden: 9, activation: 'linear', output: 'tanh' },
  'softplus, softplus output': { hidden: 9, activation: 'softplus', output: 'softplus' },
  deep: { hidden: [9, 6, 4], activation: ['tanh', 'sigmoid', 'linear'], tied: [true, false, true], weightDecay: 1e-3 },
  'normal weights': { hidden: 9, initialization: { kind: 'normal', deviation: 0.1 } },
  'masking, exact': { hidden: 9, corruption: { kind: 'masking', fraction: 0.3 } },
  'masking, by chance': { hidden: 9, corruption: { kind: 'masking', fraction: 0.3, exact: false } },
  'salt and pepper': { hidden: 9, corruption: { kind: 'salt-and-pepper', fraction: 0.3 } },
  gaussian: { hidden: 9, corruption: { kind: 'gaussian', deviation: 0.2 } },
  multiplicative: { hidden: 9, corruption: { kind: 'multiplicative', deviation: 0.2 } },
  'masking, emphasis, cross-entropy': {
    hidden: 9,
    loss: 'cross-entropy',
    corruption: { kind: 'masking', fraction: 0.4 },
    emphasis: { corrupted: 1, untouched: 0.5 },
  },
  everything: {
    hidden: [9, 6],
    weightDecay: 1e-3,
    weightL1: 1e-4,
    sparsity: KL,
    contraction: 0.05,
    corruption: { kind: 'gaussian', deviation: 0.1 },
    emphasis: { corrupted: 1, untouched: 0.5 },
    tied: true,
  },
};

const classifiers: Readonly<Record<string, Omit<ClassifierConfig, 'inputs' | 'classes' | 'precision'>>> = {
  'softmax regression': { hidden: [], weightDecay: 1e-3 },
  'two layers': { hidden: [9, 6], weightDecay: 1e-3, hiddenWeightDecay: 1e-3 },
  'k-sparse layers': { hidden: [9, 6], activation: 'linear', layers: [{ kind: 'k-sparse', k: 3, alpha: 1.5 }, null] },
};

function sha256(...parts: readonly ArrayBufferView[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part as Uint8Array);
  return hash.digest('hex').slice(0, 16);
}

async function thetaOf(model: Autoencoder | Classifier): Promise<ArrayBufferView> {
  return model.engine.kernels.copyOut(model.engine.theta);
}

function autoencoder(config: Config, optimizer: OptimizerConfig): KnownRun {
  return async (precision, maker = deterministic) => {
    const given = { inputs: INPUTS, seed: 3, precision, ...config };
    const model = await maker.autoencoder(given);
    await fit(model, x, optimizer.kind === 'lbfgs' ? { optimizer } : { optimizer, ...batches });
    const codes = await model.encode(x);
    const hash = sha256(await thetaOf(model), codes.data);
    model.dispose();
    return hash;
  };
}

function classifier(config: (typeof classifiers)[string], stage: Stage, optimizer: OptimizerConfig): KnownRun {
  return async (precision, maker = deterministic) => {
    const given = { inputs: INPUTS, classes: CLASSES, seed: 3, precision, ...config };
    const model = await maker.classifier(given);
    await fitClassifier(model, x, labels, { stage, ...(optimizer.kind === 'lbfgs' ? {} : batches), optimizer });
    const probabilities = await model.probabilities(x);
    const hash = sha256(await thetaOf(model), probabilities.data);
    model.dispose();
    return hash;
  };
}

const stack: KnownRun = async (precision) => {
  const { models } = await fitStack(
    x,
    [8, 5].map((hidden, i) => ({
      model: { hidden, seed: 3 + i, precision, sparsity: KL },
      fit: { optimizer: sgd, ...batches },
    })),
    { engine: { deterministic: true, threads: 1 } },
  );
  const deep = await unroll(models);
  await fit(deep, x, { optimizer: adam, ...batches });
  return sha256(await thetaOf(deep));
};

/** Every run by its name: models with SGD, Adam and L-BFGS, optimizers on one model, classifiers by stage, a stack. */
export const knownRuns: ReadonlyMap<string, KnownRun> = new Map([
  ...Object.entries(models).flatMap(([name, config]) =>
    [sgd, adam, optimizers['L-BFGS']].map(
      (optimizer) => [`${name}; ${optimizer.kind}`, autoencoder(config, optimizer)] as const,
    ),
  ),
  ...Object.entries(optimizers).map(
    ([name, optimizer]) => [`optimizer ${name}`, autoencoder(models.KL, optimizer)] as const,
  ),
  ...Object.entries(classifiers).flatMap(([name, config]) =>
    (['softmax', 'top', 'all'] as const).flatMap((stage) =>
      [adam, optimizers['L-BFGS']].map(
        (optimizer) =>
          [`classifier ${name}, ${stage}; ${optimizer.kind}`, classifier(config, stage, optimizer)] as const,
      ),
    ),
  ),
  ['stack, unrolled, fine-tuned', stack] as const,
]);
