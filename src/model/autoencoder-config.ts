import type { Precision } from '../array/matrix.ts';
import type { CorruptionSpec } from '../corruption/corruption.ts';
import type { ActivationName } from '../kernels/activations/table.ts';
import type { LayerKindSpec } from '../layers/table.ts';
import type { Kinded } from '../part.ts';
import type { LossName } from '../terms/losses.ts';
import type { SparsityPenaltySpec } from '../terms/table.ts';
import type { DictionaryConfig, FullDictionaryConfig } from './dictionary-config.ts';
import type { Initialization } from './initialize.ts';

/**
 * What makes one hidden layer sparse, a term of the cost or a kind of layer: `layer` counts from 0; by default the code layer,
 * the last. Parts of a caller's own go by their `kind`.
 */
export type SparsityConfig = SparsityPenaltySpec | LayerKindSpec;

/** What a caller gives. Plain JSON. */
export interface AutoencoderConfig extends DictionaryConfig {
  /** d, the length of an example. */
  readonly inputs: number;
  /** h, or the sizes of several hidden layers, the code last; the decoder mirrors them. */
  readonly hidden: number | readonly number[];
  /** f of every hidden layer, or one each. Default sigmoid; linear with k-sparse, relu with the dictionaries of today. */
  readonly activation?: ActivationName | readonly ActivationName[] | undefined;
  /** g of the output layer. Default sigmoid; linear with k-sparse and the dictionaries of today. */
  readonly output?: ActivationName | undefined;
  /** Default squared-error. */
  readonly loss?: LossName | undefined;
  /** D = W: the decoder uses the encoder's weights; or one answer for each layer. Default false; true with k-sparse. */
  readonly tied?: boolean | readonly boolean[] | undefined;
  /** λ ≥ 0 of (λ/2) Σ W², on weights, never on biases. Default 0. */
  readonly weightDecay?: number | undefined;
  /** γ ≥ 0 of γ Σ |W|, on weights, never on biases. Default 0. */
  readonly weightL1?: number | undefined;
  /** Of one hidden layer, or a list for several; a layer may have several terms of different kinds. */
  readonly sparsity?: SparsityConfig | readonly SparsityConfig[] | null | undefined;
  /**
   * κ ≥ 0 of (κ/m) Σ ‖∂a/∂x‖²_F on the first hidden layer, or { weight, layer }. With ReLU units f′ jumps at z = 0, where
   * the penalty has no derivative. Default 0.
   */
  readonly contraction?:
    | number
    | {
        /** κ ≥ 0. */
        readonly weight: number;
        /** Which hidden layer, from 0, the first by default. */
        readonly layer?: number | undefined;
      };
  /** What is done to the encoder's input in training; the loss compares with the clean example. */
  readonly corruption?: CorruptionSpec | null | undefined;
  /**
   * Weights of corrupted and untouched coordinates in the loss. Default 1 and 1. Gaussian and multiplicative noise touch
   * every coordinate: `untouched` weighs nothing there.
   */
  readonly emphasis?: {
    /** At least 0. */
    readonly corrupted: number;
    /** At least 0. */
    readonly untouched: number;
  } | null;
  /** Of the weights. Default uniform on ±√(6/(n_in + n_out + 1)); N(0, 0.01²) with k-sparse; dictionary with those of today. */
  readonly initialization?: Initialization | undefined;
  /** float32, or float64 for proofs. Default float32. */
  readonly precision?: Precision | undefined;
  /** Of the initial weights and of the corruption. Default 1. */
  readonly seed?: number | undefined;
}

/** A part of a caller's own in a config: its kind, and whatever its schema lets pass. */
export type OwnSpec = Kinded | (Kinded & { readonly [entry: string]: unknown });

/** A config that may name parts of a caller's own, which `create` is given beside it. */
export interface OwnConfig extends Omit<AutoencoderConfig, 'sparsity'> {
  /** As in {@link AutoencoderConfig}, or of a caller's own. */
  readonly sparsity?: OwnSpec | readonly OwnSpec[] | null | undefined;
}

/** With its layer filled in. */
export type FullSparsity = SparsityConfig & {
  /** Which hidden layer, from 0. */
  readonly layer: number;
};

/** The same with every default filled in: what is saved with a model. */
export interface FullConfig extends Required<Omit<AutoencoderConfig, 'prefixes'>>, FullDictionaryConfig {
  readonly hidden: readonly number[];
  readonly sparsity: FullSparsity | readonly FullSparsity[] | null;
  readonly contraction: {
    /** κ. */
    readonly weight: number;
    /** Which hidden layer, from 0. */
    readonly layer: number;
  };
}
