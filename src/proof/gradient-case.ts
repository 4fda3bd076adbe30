import type { CorruptionSpec } from '../corruption/corruption.ts';
import { activations } from '../kernels/activations/table.ts';
import { kSparse } from '../layers/k-sparse.ts';
import type { NetworkSpec } from '../model/spec.ts';

/** One row of the gradient check: what it is called, and the network that it proves. */
export interface GradientCase {
  readonly model: 'autoencoder' | 'classifier';
  readonly hidden: readonly number[];
  readonly activation: string;
  readonly output: string;
  readonly loss: string;
  readonly tied: string;
  /** 'none', 'weight decay', 'weight decay + kl', 'masking, emphasis', … */
  readonly objective: string;
  readonly spec: NetworkSpec;
  /** The first layer that is trained, where not all are. */
  readonly lowest?: number | undefined;
}

export const INPUTS = 5;
export const CLASSES = 3;

export const DEPTHS = [[4], [4, 3], [4, 3, 2]];
export const activationNames = Object.keys(activations);
export const K_SPARSE = first(kSparse);
/** Large enough that a missing or doubled λW moves the whole gradient by far more than the limit. */
export const WEIGHT_DECAY = 0.1;

/** The first spec of a kind's proof. */
export function first<S>({ proof: [spec] = [] }: { readonly proof?: readonly S[] }): S {
  if (spec === undefined) throw new Error('a kind without a proof');
  return spec;
}

export const CORRUPTIONS: readonly CorruptionSpec[] = [
  { kind: 'masking', fraction: 0.4 },
  { kind: 'masking', fraction: 0.4, exact: false },
  { kind: 'salt-and-pepper', fraction: 0.4 },
  { kind: 'gaussian', deviation: 0.3 },
  { kind: 'multiplicative', deviation: 0.3 },
];

export function marksOfNoise(spec: CorruptionSpec | null): readonly (string | false | undefined)[] {
  return [spec?.kind, spec?.kind === 'masking' && spec.exact === false && 'by chance'];
}

/** The parts of an objective in words. */
export function named(parts: readonly (string | false | null | undefined)[]): string {
  return parts.filter(Boolean).join(' + ') || 'none';
}
