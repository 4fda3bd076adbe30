import type { AutoencoderConfig } from '../../../src/model/config.ts';
import type { ToyName } from '../toys.ts';

export const HIDDEN = 128;

/** A kind of dictionary on a toy, and the line of the reference that it stands beside. */
export interface Dictionary {
  readonly toy: ToyName;
  /** As reference.json names it, with its options there. */
  readonly method: string;
  readonly there: object;
  readonly label: string;
  readonly model: Omit<AutoencoderConfig, 'inputs' | 'hidden' | 'seed'>;
  /** η of Adam, 2e-3 in the reference. */
  readonly learningRate: number;
}

type Model = Dictionary['model'];

const auxiliary = { kind: 'aux-k', k: 32, weight: 1 / 32, deadAfter: 20_480 } as const;

const topK = (k: number): Model => ({ sparsity: { kind: 'top-k', k }, unitNorm: true, auxiliary });
const batchTopK = (k: number, deadAfter = 20_480): Model => ({
  sparsity: { kind: 'batch-top-k', k },
  unitNorm: true,
  auxiliary: { ...auxiliary, deadAfter },
});
const matryoshka = (k: number, prefixes: number[], deadAfter?: number): Model => ({
  ...batchTopK(k, deadAfter),
  prefixes,
});
const l1 = (weight: number): Model => ({ sparsity: { kind: 'l1', weight, decoderNorm: true } });
const gated = (weight: number): Model => ({ sparsity: { kind: 'gated', weight }, unitNorm: true });
const jumpReLU = (weight: number, width: number, toInput: { toInput?: true } = {}): Model => ({
  sparsity: { kind: 'jump-relu', bandwidth: width, threshold: width, penalty: { kind: 'l0', weight }, ...toInput },
  unitNorm: true,
});

const toInput = { toInput: true } as const;

/**
 * Every line of the reference by its own recipe; below it, where one was found, a better one, which is the one that is held
 * against that line. Coefficients without a k are ours.
 */
export const dictionaries: readonly Dictionary[] = [
  ...line('sharkey', 'topk', { k: 4 }, ['TopK, k = 4', topK(4)]),
  ...line(
    'sharkey',
    'batch-topk',
    { k: 4 },
    ['BatchTopK, k = 4', batchTopK(4)],
    ['BatchTopK, k = 4, dead after 5,120', batchTopK(4, 5120)],
  ),
  ...line(
    'sharkey',
    'matryoshka',
    { k: 4, prefixes: [32, 64, 128] },
    ['Matryoshka, k = 4', matryoshka(4, [32, 64, 128])],
    ['Matryoshka, k = 4, dead after 5,120, η = 4e-3', matryoshka(4, [32, 64, 128], 5120), 4e-3],
  ),
  ...line(
    'sharkey',
    'gated',
    { l1: 0.15 },
    ['Gated, λ = 0.15', gated(0.15)],
    ['Gated, λ = 0.14, η = 4e-3', gated(0.14), 4e-3],
  ),
  ...line(
    'sharkey',
    'jumprelu',
    { theta0: 0.1, eps: 0.1, l0: 0.005 },
    ['JumpReLU, λ = 0.005', jumpReLU(0.005, 0.1)],
    ['JumpReLU, λ = 0.005, to the input, η = 4e-3', jumpReLU(0.005, 0.1, toInput), 4e-3],
  ),
  ...line('sharkey', 'l1', { l1: 0.03 }, ['L1, γ = 0.033', l1(0.033)], ['L1, γ = 0.03, η = 8e-3', l1(0.03), 8e-3]),
  ...line('sharkey', 'l1', { l1: 0.06 }, ['L1, γ = 0.063', l1(0.063)], ['L1, γ = 0.06, η = 8e-3', l1(0.06), 8e-3]),
  ...line('mini', 'topk', { k: 5 }, ['TopK, k = 5', topK(5)]),
  ...line(
    'mini',
    'batch-topk',
    { k: 5 },
    ['BatchTopK, k = 5', batchTopK(5)],
    ['BatchTopK, k = 5, dead after 5,120, η = 4e-3', batchTopK(5, 5120), 4e-3],
  ),
  ...line('mini', 'matryoshka', { k: 5, prefixes: [16, 48, 128] }, ['Matryoshka, k = 5', matryoshka(5, [16, 48, 128])]),
  ...line(
    'mini',
    'gated',
    { l1: 0.3 },
    ['Gated, λ = 0.3', gated(0.3)],
    ['Gated, λ = 0.26, η = 4e-3', gated(0.26), 4e-3],
  ),
  ...line(
    'mini',
    'jumprelu',
    { theta0: 0.2, eps: 0.2, l0: 0.03 },
    ['JumpReLU, λ = 0.03', jumpReLU(0.03, 0.2)],
    ['JumpReLU, λ = 0.045, to the input, η = 4e-3', jumpReLU(0.045, 0.2, toInput), 4e-3],
  ),
  ...line('mini', 'l1', { l1: 0.1 }, ['L1, γ = 0.108', l1(0.108)], ['L1, γ = 0.1, η = 4e-3', l1(0.1), 4e-3]),
  ...line('mini', 'l1', { l1: 0.2 }, ['L1, γ = 0.215', l1(0.215)], ['L1, γ = 0.2, η = 4e-3', l1(0.2), 4e-3]),
];

function line(
  toy: ToyName,
  method: string,
  there: object,
  ...recipes: readonly (readonly [label: string, model: Model, learningRate?: number])[]
): Dictionary[] {
  return recipes.map(([label, model, learningRate = 2e-3]) => ({ toy, method, there, label, model, learningRate }));
}
