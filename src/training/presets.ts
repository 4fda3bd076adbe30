import type { Run } from './run.ts';

/** A kind of model with sensible options for images in [0, 1], on any data: what `rhohat train --model` names. */
export const models: Readonly<Record<string, Pick<Run, 'model' | 'fit'>>> = {
  /** KL-sparse sigmoid units. */
  sparse: {
    model: { hidden: 100, weightDecay: 1e-4, sparsity: { kind: 'kl', target: 0.05, weight: 3 } },
    fit: { optimizer: { kind: 'adam', learningRate: 1e-3 }, epochs: 20, batchSize: 100 },
  },
  /** Weight decay keeps the decoder from growing while the codes shrink. */
  l1: {
    model: {
      hidden: 100,
      activation: 'relu',
      output: 'linear',
      weightDecay: 1e-3,
      sparsity: { kind: 'l1', weight: 0.05 },
    },
    fit: { optimizer: { kind: 'adam', learningRate: 1e-3 }, epochs: 20, batchSize: 100 },
  },
  /** deeplearning.net's dA: tied sigmoid units, cross-entropy, 30% masking. */
  denoising: {
    model: {
      hidden: 500,
      tied: true,
      loss: 'cross-entropy',
      corruption: { kind: 'masking', fraction: 0.3 },
    },
    fit: { optimizer: { kind: 'sgd', learningRate: 0.1 }, epochs: 15, batchSize: 20 },
  },
  /** Rifai's CAE: tied sigmoid units, cross-entropy. */
  contractive: {
    model: { hidden: 500, tied: true, loss: 'cross-entropy', contraction: 0.1 },
    fit: { optimizer: { kind: 'sgd', learningRate: 0.1 }, epochs: 15, batchSize: 20 },
  },
  /**
   * Makhzani & Frey: tied linear units. Their learning rate 0.01 is 0.02 here, as their E has no ½; with batches of 100
   * pixels in [0, 1] it lets the units collapse onto the mean digit or diverge, and 0.005 does not (their batch size and
   * scaling are not published).
   */
  'k-sparse': {
    model: { hidden: 1000, sparsity: { kind: 'k-sparse', k: 25, alpha: 3 } },
    fit: { optimizer: { kind: 'sgd', learningRate: 0.005, momentum: 0.9 }, epochs: 20, batchSize: 100 },
  },
  /** Undercomplete and linear: what principal component analysis finds. */
  linear: {
    model: { hidden: 30, activation: 'linear', output: 'linear' },
    fit: { optimizer: { kind: 'lbfgs', iterations: 200 } },
  },
  undercomplete: {
    model: { hidden: [128, 30], activation: ['sigmoid', 'linear'], loss: 'cross-entropy' },
    fit: { optimizer: { kind: 'adam', learningRate: 1e-3 }, epochs: 20, batchSize: 100 },
  },
};

const MNIST = { source: 'mnist', data: {} };

/** Published set-ups, and the default for the generated images. */
export const presets: Readonly<Record<string, Run>> = {
  /** Ng, CS294A assignment 1: 10,000 8×8 patches of whitened natural images, 64-25-64. */
  cs294a: {
    source: 'natural-images',
    data: { patches: { size: 8, count: 10_000, seed: 1 }, preprocessing: [{ kind: 'cs294a' }] },
    model: { hidden: 25, weightDecay: 1e-4, sparsity: { kind: 'kl', target: 0.01, weight: 3 } },
    fit: { optimizer: { kind: 'lbfgs', iterations: 400 } },
  },
  /** UFLDL, exercise "Vectorization": the first 10,000 MNIST digits, 784-196-784. */
  'ufldl-mnist': {
    source: 'mnist',
    data: { limit: 10_000 },
    model: { hidden: 196, weightDecay: 3e-3, sparsity: { kind: 'kl', target: 0.1, weight: 3 } },
    fit: { optimizer: { kind: 'lbfgs', iterations: 400 } },
  },
  /** UFLDL, self-taught learning: features from the digits 5 to 9, for a softmax on 0 to 4 (`rhohat classify`). */
  'self-taught': {
    source: 'mnist',
    data: { classes: [5, 6, 7, 8, 9] },
    model: { hidden: 200, weightDecay: 3e-3, sparsity: { kind: 'kl', target: 0.1, weight: 3 } },
    fit: { optimizer: { kind: 'lbfgs', iterations: 400 } },
  },
  /** UFLDL, stacked autoencoders: 784-200-200, for a softmax on top (`rhohat stack`, then `rhohat classify`). */
  stacked: {
    ...MNIST,
    model: { hidden: [200, 200], weightDecay: 3e-3, sparsity: { kind: 'kl', target: 0.1, weight: 3 } },
    fit: { optimizer: { kind: 'lbfgs', iterations: 400 } },
  },
  /** UFLDL, linear decoder: 8×8 colour patches, ZCA-whitened (STL-10 there). */
  colour: {
    source: 'cifar10',
    data: { patches: { size: 8, count: 100_000, seed: 1 }, preprocessing: [{ kind: 'zca', epsilon: 0.1 }] },
    model: { hidden: 400, output: 'linear', weightDecay: 3e-3, sparsity: { kind: 'kl', target: 0.035, weight: 5 } },
    fit: { optimizer: { kind: 'lbfgs', iterations: 400 } },
  },
  /** deeplearning.net's dA tutorial on MNIST: 500 units, each pixel masked with probability 0.3. */
  denoising: {
    ...MNIST,
    ...models.denoising,
    model: { ...models.denoising.model, corruption: { kind: 'masking', fraction: 0.3, exact: false } },
  },
  /** Vincent et al. 2010, the SdA of MNIST: three layers of 1000 units (`rhohat stack`), a quarter of the input masked. */
  'stacked-denoising': {
    ...MNIST,
    ...models.denoising,
    model: { ...models.denoising.model, hidden: [1000, 1000, 1000], corruption: { kind: 'masking', fraction: 0.25 } },
  },
  /** Rifai et al. 2011, Table 1: 1000 units; κ, learning rate and epochs are not published. */
  contractive: { ...MNIST, ...models.contractive, model: { ...models.contractive.model, hidden: 1000 } },
  /** Makhzani & Frey 2013: 1000 units, k = 25, α = 3, weights from N(0, 0.01²); 5,000 epochs there. */
  'k-sparse': { ...MNIST, ...models['k-sparse'] },
  /** PCA's 30 dimensions by a linear autoencoder. */
  'linear-mnist': { ...MNIST, ...models.linear },
  /** Hinton & Salakhutdinov 2006: 784-1000-500-250-30, a linear code. */
  'deep-autoencoder': {
    ...MNIST,
    model: {
      hidden: [1000, 500, 250, 30],
      activation: ['sigmoid', 'sigmoid', 'sigmoid', 'linear'],
      loss: 'cross-entropy',
    },
    fit: { optimizer: { kind: 'adam', learningRate: 1e-3 }, epochs: 20, batchSize: 100 },
  },
  /** A sheet rolled up in three dimensions: two latent units follow it, two principal components cannot. */
  'swiss-roll': {
    source: 'swiss-roll',
    data: { preprocessing: [{ kind: 'standardize' }] },
    model: { hidden: [64, 32, 2], activation: ['tanh', 'tanh', 'linear'], output: 'linear' },
    fit: { optimizer: { kind: 'lbfgs', iterations: 1000 } },
  },
  /**
   * Generated dead leaves: whitened with a damping that keeps noise down, as the low-pass of natural images' whitening
   * does, then scaled as CS294A scales its patches.
   */
  'dead-leaves': {
    source: 'dead-leaves',
    data: {
      patches: { size: 10, count: 10_000, seed: 1 },
      preprocessing: [{ kind: 'zca', epsilon: 0.1 }, { kind: 'cs294a' }],
    },
    model: { hidden: 49, weightDecay: 1e-4, sparsity: { kind: 'kl', target: 0.01, weight: 3 } },
    fit: { optimizer: { kind: 'lbfgs', iterations: 200 } },
  },
};
