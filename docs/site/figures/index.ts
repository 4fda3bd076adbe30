import type { Figure } from './figure.ts';

/** The figure of each page of the derivation, by the page's name; loaded when it is asked for. */
export const figures: Readonly<Record<string, () => Promise<Figure>>> = {
  'kl-sparsity': async () => (await import('./kl-sparsity.ts')).klSparsity,
  'l1-sparsity': async () => (await import('./l1-sparsity.ts')).l1Sparsity,
  denoising: async () => (await import('./denoising.ts')).denoising,
  'k-sparse': async () => (await import('./k-sparse.ts')).kSparse,
  contraction: async () => (await import('./contraction.ts')).contraction,
};
