import type { AutoencoderConfig } from '../../../src/model/config.ts';

/** A kind of dictionary, and the line of the published table at L0 = 25 that it stands beside. */
export interface Contestant {
  readonly label: string;
  readonly model: Omit<AutoencoderConfig, 'inputs' | 'hidden' | 'seed'>;
  /** None of TopK. */
  readonly published: Readonly<Record<'EV' | 'MCC' | 'F1' | 'uniqueness', number>> | null;
}

/** What depends on the size of the data. */
export interface Scale {
  /** Units on, of those that are asked for so many. */
  readonly k: number;
  /** Prefixes of the nested one, the last all units. */
  readonly prefixes: readonly number[];
  /** λ of L1 and of JumpReLU's target. */
  readonly l1: number;
  readonly jump: number;
  /** Examples of silence after which AuxK calls a unit dead, and its α. */
  readonly deadAfter: number;
  readonly alpha: number;
  /** η of Adam, and the steps at the end over which it falls to 0, as a share of all; 1: from the end of the warm-up on. */
  readonly learningRate: number;
  readonly decay: number;
  /** Units on that training begins with, where k falls over the first half. */
  readonly annealFrom?: number;
}

/** L1, TopK, BatchTopK, Matryoshka and JumpReLU, as they are compared. */
export function contestants({ k, annealFrom, prefixes, l1, jump, deadAfter, alpha }: Scale): readonly Contestant[] {
  const auxiliary = { kind: 'aux-k', weight: alpha, deadAfter } as const;
  const on = annealFrom === undefined ? { k } : { k, annealFrom };
  const batchTopK = { sparsity: { kind: 'batch-top-k', ...on }, unitNorm: true, center: true, auxiliary } as const;
  return [
    {
      label: 'L1',
      model: { sparsity: { kind: 'l1', weight: l1, decoderNorm: true }, center: true },
      published: { F1: 0.5562, MCC: 0.6039, uniqueness: 0.8976, EV: 0.7654 },
    },
    {
      label: 'TopK',
      model: { sparsity: { kind: 'top-k', ...on }, unitNorm: true, center: true, auxiliary },
      published: null,
    },
    {
      label: 'BatchTopK',
      model: batchTopK,
      published: { F1: 0.7316, MCC: 0.7574, uniqueness: 0.9837, EV: 0.7923 },
    },
    {
      label: 'Matryoshka',
      model: { ...batchTopK, prefixes },
      published: { F1: 0.8793, MCC: 0.7927, uniqueness: 0.9987, EV: 0.7792 },
    },
    {
      label: 'JumpReLU',
      model: {
        sparsity: {
          ...{ kind: 'jump-relu', bandwidth: 2, threshold: 2, toInput: true },
          penalty: { kind: 'target-l0', weight: jump, target: k },
        },
        unitNorm: true,
        center: true,
      },
      published: { F1: 0.7317, MCC: 0.7527, uniqueness: 0.9885, EV: 0.7951 },
    },
  ];
}
