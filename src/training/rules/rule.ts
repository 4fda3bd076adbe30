import type { View } from '../../array/matrix.ts';
import type { Kernels, Storage } from '../../kernels/kernels.ts';
import type { Code } from '../../layers/code.ts';
import type { TensorSpec } from '../../layers/layer.ts';
import type { Group } from '../../model/group.ts';
import type { Terms } from '../../model/terms.ts';
import type { Kinded, PartKind } from '../../part.ts';

/** What the network made of the rows of a batch that this process took, at θ before the update. Void after the step. */
export interface StepPass {
  /** The place of the first of them in the batch. */
  readonly first: number;
  /** What x̂ is compared with: x without its noise, or a transcoder's target. */
  readonly target: View;
  /** x̂. */
  readonly reconstruction: View;
  /** Of every layer but the last. */
  readonly codes: readonly Code[];
}

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
  /** The examples of the step. */
  readonly pass: StepPass;
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
  /** Examples of a batch; the last of an epoch may be smaller. */
  readonly batchSize: number;
  /** For what is drawn: that of the run. */
  readonly seed: number;
  /** The processes that share every batch, each of which has the same rules: all must ask for the same sums. */
  readonly group: Group;
  /** Whether x̂ is compared with something else than the examples. */
  readonly transcoder: boolean;
  /** Whether the encoder takes c, the decoder's bias, from its input. */
  readonly centred: boolean;
  /**
   * What the optimizer keeps of a parameter, in its shape: Adam's mean gradient and mean square, SGD's velocity.
   * @throws InputError where the optimizer, a caller's own, has no `moments`.
   */
  moments(parameter: RuleParameter): readonly View[];
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
