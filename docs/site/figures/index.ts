import type { Figure } from './figure.ts';

/** The figure of each page of the derivation, by the page's name; loaded when it is asked for. */
export const figures: Readonly<Record<string, () => Promise<Figure>>> = {
  'kl-sparsity': async () => (await import('./kl-sparsity.ts')).klSparsity,
  'l1-sparsity': async () => (await import('./l1-sparsity.ts')).l1Sparsity,
  denoising: async () => (await import('./denoising.ts')).denoising,
  'k-sparse': async () => (await import('./k-sparse.ts')).kSparse,
  contraction: async () => (await import('./contraction.ts')).contraction,
  'squared-error': async () => (await import('./squared-error.ts')).squaredError,
  'cross-entropy': async () => (await import('./cross-entropy.ts')).crossEntropy,
  softmax: async () => (await import('./softmax.ts')).softmax,
  'tied-weights': async () => (await import('./tied-weights.ts')).tiedWeights,
  'weight-decay': async () => (await import('./weight-decay.ts')).weightDecay,
  deep: async () => (await import('./deep.ts')).deep,
  'top-k': async () => (await import('./top-k.ts')).topK,
  'batch-top-k': async () => (await import('./batch-top-k.ts')).batchTopK,
  'jump-relu': async () => (await import('./jump-relu.ts')).jumpRelu,
  gated: async () => (await import('./gated.ts')).gated,
  'aux-k': async () => (await import('./aux-k.ts')).auxK,
  centering: async () => (await import('./centering.ts')).centering,
  'decoder-norms': async () => (await import('./decoder-norms.ts')).decoderNorms,
  prefixes: async () => (await import('./prefixes.ts')).prefixes,
  resampling: async () => (await import('./resampling.ts')).resampling,
  transcoders: async () => (await import('./transcoders.ts')).transcoders,
  'unit-norm': async () => (await import('./unit-norm.ts')).unitNorm,
  index: async () => (await import('./overview.ts')).overview,
};
