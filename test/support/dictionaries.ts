import type { AutoencoderConfig } from '../../src/model/config.ts';

const topK = { kind: 'top-k', k: 3 } as const;
const batchTopK = { kind: 'batch-top-k', k: 2.5 } as const;
const jump = { kind: 'jump-relu', bandwidth: 0.2, threshold: 0.05 } as const;
const tanh = { kind: 'tanh', weight: 0.01, scale: 4 } as const;

/** Today's dictionaries with every option, for at least 4 inputs and 21 hidden units. */
export const dictionaries: Readonly<Record<string, Partial<AutoencoderConfig>>> = {
  'top-k': { sparsity: topK },
  'top-k by norms, centred': { sparsity: { ...topK, decoderNorm: true }, center: true },
  'top-k, annealed': { sparsity: { ...topK, annealFrom: 9, annealOver: 0.8 }, unitNorm: true },
  'batch-top-k': { sparsity: batchTopK },
  'batch-top-k, annealed': { sparsity: { ...batchTopK, annealFrom: 7.5 }, center: true },
  'batch-top-k, prefixes, unit norm': { sparsity: batchTopK, prefixes: [3, 10, 21], unitNorm: true, center: true },
  'batch-top-k, aux-k': { sparsity: batchTopK, auxiliary: { kind: 'aux-k', deadAfter: 20 }, center: true },
  'top-k, aux-k of openai': {
    sparsity: topK,
    auxiliary: { kind: 'aux-k', k: 2, deadAfter: 20, variant: 'openai' },
    unitNorm: true,
  },
  'top-k, aux-k of saelens, sum of prefixes': {
    sparsity: topK,
    auxiliary: { kind: 'aux-k', k: 5, weight: 0.1, deadAfter: 20, variant: 'saelens' },
    prefixes: { widths: [5, 21], weights: 'sum' },
  },
  'jump-relu': { sparsity: { ...jump, penalty: { kind: 'l0', weight: 0.01 } }, center: 'geometric-median' },
  'jump-relu to a target': {
    sparsity: { ...jump, parameter: 'log', toInput: true, penalty: { kind: 'target-l0', weight: 0.1, target: 2 } },
  },
  'jump-relu by tanh': {
    sparsity: { ...jump, penalty: { ...tanh, preActivation: { weight: 1e-3, over: 'all' } } },
    center: true,
  },
  'jump-relu by tanh, over the dead': {
    sparsity: { ...jump, penalty: { ...tanh, preActivation: { weight: 1e-2, over: 'dead', deadAfter: 15 } } },
  },
  gated: { sparsity: { kind: 'gated', weight: 0.05 }, center: true },
  'gated, live, by norms': { sparsity: { kind: 'gated', weight: 0.05, decoderNorm: true, live: true } },
  'l1 by norms': { sparsity: { kind: 'l1', weight: 0.02, decoderNorm: true }, center: true },
  transcoder: { sparsity: topK, targets: 4, skip: true, auxiliary: { kind: 'aux-k', deadAfter: 20 } },
  'transcoder of prefixes': { sparsity: batchTopK, targets: 4, prefixes: [6, 21] },
};
