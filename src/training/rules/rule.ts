import type { View } from '../../array/matrix.ts';
import type { Kernels, Storage } from '../../kernels/kernels.ts';
import type { TensorSpec } from '../../layers/layer.ts';
import type { Terms } from '../../model/engine.ts';
import type { Kinded, PartKind } from '../../part.ts';

/** A step as rules see it. */
export interface Step {
  /** Counted from 1. */
  readonly step: number;
  /** Of the whole run. */
  readonly steps: number;
  /** Counted from 1. */
  readonly epoch: number;
  /** Of the whole batch. */
  readonly examples: number;
  /** At θ before the update. */
  readonly cost: number;
  /** The summands of the cost. */
  readonly terms: Terms;
  /** ‖∂J/∂θ‖₂, before any rule changed it. */
  readonly gradientNorm: number;
}

/** A parameter by its name, as in `model.parameters()`. */
export interface RuleParameter {
  /** Such as `encoder.weight`. */
  readonly name: string;
  /** A view of θ. */
  readonly value: View;
  /** A view of ∂J/∂θ. */
  readonly gradient: View;
}

/** What a rule is made for. */
export interface RulePlace {
  /** What all loops over numbers go through. */
  readonly k: Kernels;
  /** Gives back what the rule allocates. */
  readonly storage: Storage;
  /** θ, flat. */
  readonly theta: View;
  /** ∂J/∂θ, flat. */
  readonly gradient: View;
  /** The same by the parameters' names. */
  readonly parameters: readonly RuleParameter[];
  /** A tensor of the rule's own, by its local name. */
  state(name: string): View;
}

/** What happens around a step of an optimizer that takes mini-batches. */
export interface Rule {
  /** Cost and gradient are known, θ is not yet updated: the gradient may be changed. */
  before?(step: Step): void | Promise<void>;
  /** θ is updated. */
  after?(step: Step): void | Promise<void>;
}

/** A kind of rule: how its config is checked, what it keeps, and how it is made. One file, and one line of the table. */
export interface RuleKind<S extends Kinded> extends PartKind<S> {
  /** What it keeps, by local names: part of the checkpoints, so their role is run-state. */
  tensors?(spec: S, parameters: readonly Pick<TensorSpec, 'name' | 'shape'>[]): readonly TensorSpec[];
  /** A rule of a run. */
  create(spec: S, place: RulePlace): Rule;
}
