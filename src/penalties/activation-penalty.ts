import type * as v from 'valibot';
import type { View } from '../array/matrix.ts';
import type { ActivationName, Kernels, Results, Storage } from '../kernels/kernels.ts';

/** The layer that a penalty sits on: its activation, and its weights W (units, inputs) with their gradient. */
export interface PenalizedLayer {
  readonly units: number;
  readonly f: ActivationName;
  readonly weightRows: View;
  readonly dWeightRows: View;
}

/** A penalty on the activations A (m, h) of one hidden layer, its scratch allocated. */
export interface ActivationPenalty {
  /** The term of the cost that its value belongs to. */
  readonly term: 'sparsity' | 'contraction';
  /** After the forward pass: adds the value to results[slot], or leaves that to `backward`, and sets `push`. */
  forward?(k: Kernels, results: Results, slot: number, a: View): void;
  /** What every example's ∂J/∂a gains, a row (h), without 1/m: the β(−ρ/ρ̂ + (1−ρ)/(1−ρ̂)) of KL. At most one a layer. */
  readonly push?: View;
  /** Adds to dA (m, h) what differs from example to example, without 1/m; and to ∇W what reaches W directly. */
  backward?(k: Kernels, results: Results, slot: number, dA: View, a: View): void;
}

/** A kind of penalty: how its config is checked, and how it is made. */
export interface PenaltyKind<S> {
  /** The entry `kind` names it. */
  readonly schema: v.GenericSchema<S>;
  /** Why it cannot sit on units with activation f, and what to use instead; null where it can. */
  refuses?(f: ActivationName): string | null;
  create(storage: Storage, spec: S, layer: PenalizedLayer): ActivationPenalty;
}
