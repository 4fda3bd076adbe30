import type { CorruptionSpec } from '../corruption/corruption.ts';
import type { ActivationName } from '../kernels/kernels.ts';
import type { KSparseSpec } from '../layers/selection.ts';
import type { losses } from '../penalties/losses.ts';
import type { ActivationPenaltySpec } from '../penalties/table.ts';

/** A layer Z = A·V + b, A⁺ = f(Z), by the names of its parameters. */
export interface LayerSpec {
  /** A weight (units, inputs) used as V = Wᵀ (encoder, softmax), or D (inputs, units) used as V = D (decoder). */
  readonly weight: string;
  readonly use: 'transposed' | 'direct';
  readonly bias: string;
  readonly f: ActivationName;
  readonly penalties: readonly ActivationPenaltySpec[];
  readonly kSparse: KSparseSpec | null;
}

/** A weight that shrinks, each once: (l2/2) Σ W² + l1 Σ |W|. */
export interface Shrinkage {
  readonly weight: string;
  readonly l2: number;
  readonly l1: number;
}

/** One parameter of the flat vector θ: a weight (rows, columns) or a bias (n). */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
}

/**
 * What the engine runs: layers in order, the loss on the last one's output, and what shrinks. Autoencoders, classifiers
 * and whatever else is trained are such lists; `cost.ts` knows nothing more.
 */
export interface NetworkSpec {
  readonly inputs: number;
  readonly parameters: readonly ParameterSpec[];
  readonly layers: readonly LayerSpec[];
  readonly loss: keyof typeof losses;
  /** The first term of the cost. */
  readonly dataTerm: 'reconstruction' | 'classification';
  readonly shrinkage: readonly Shrinkage[];
  /** Index of the layer whose activations are the codes. */
  readonly code: number;
  readonly corruption: {
    readonly spec: CorruptionSpec;
    readonly emphasis: { readonly corrupted: number; readonly untouched: number } | null;
    readonly seed: number;
  } | null;
}
