import type { Numbers, View } from '../array/matrix.ts';
import type { Kernels, Storage } from '../kernels/kernels.ts';
import type { Kinded, PartKind } from '../part.ts';

/** What an optimizer must know of J and ∂J/∂θ at some θ: they come with one read. */
export interface Evaluated {
  /** J(θ). */
  readonly cost: number;
  /** ‖∂J/∂θ‖₂. */
  readonly gradientNorm: number;
}

/** A cost over a flat θ. Optimizers know no model: they see θ, ∂J/∂θ and a way to evaluate both. */
export interface Problem<E extends Evaluated> {
  /** Flat, to be changed in place. */
  readonly theta: View;
  /** ∂J/∂θ of the last evaluation. */
  readonly gradient: View;
  /** J and ∂J/∂θ at the present θ. */
  evaluate(): Promise<E>;
}

/** What a step gives. */
export interface StepResult<E> {
  /** SGD and Adam: at θ before the update, on this batch. L-BFGS: at the θ that the step reached. */
  readonly evaluation: E;
  /** Why no further step would help; null while there is more to gain. */
  readonly converged: string | null;
  /** What has overflowed in the optimizer itself, where cost and gradient are finite: θ may then not have moved. */
  readonly overflow?: string | null | undefined;
}

/** Flat arrays by name: all that later steps depend on beside θ. Those in θ's layout have its length. */
export type OptimizerState = Readonly<Record<string, Numbers>>;

/**
 * An optimizer with its state, which shares θ's layout. A step whose cost or gradient is not finite changes nothing and
 * returns that evaluation.
 */
export interface Optimizer {
  /** One step from the present θ. */
  step<E extends Evaluated>(problem: Problem<E>): Promise<StepResult<E>>;
  /** Puts θ back to where its cost was last seen to be finite: before the last update. */
  undo(theta: View): void;
  /** A copy of the state between two steps. */
  state(): Promise<OptimizerState>;
  /** What it keeps for each number of θ, in θ's layout: a rule that sets a weight anew sets these to 0. */
  readonly moments?: readonly View[] | undefined;
  /** Takes over what `state` gave, of the same config, before any step: the next steps are those that followed there. */
  restore(state: OptimizerState): void;
}

/** What an optimizer is made for. */
export interface OptimizerPlace {
  /** What all loops over numbers go through. */
  readonly k: Kernels;
  /** Gives back what the optimizer allocates. */
  readonly storage: Storage;
  /** Numbers of θ. */
  readonly size: number;
  /** Of the whole run: schedules run over them. */
  readonly steps: number;
}

/** A kind of optimizer: how its config is checked, and how it is made. One file, and one line of the table. */
export interface OptimizerKind<S extends Kinded> extends PartKind<S> {
  /** A step on each mini-batch; or every step on the whole set, which asks for the same cost each time. */
  readonly data: 'batch' | 'whole';
  /** On the whole set: the entry that says how many steps a run has. */
  readonly steps?: string | undefined;
  /** An optimizer with its state. */
  create(spec: S, place: OptimizerPlace): Optimizer;
}

/** @throws RangeError unless a state has exactly these arrays, of these lengths. */
export function assertShapes(state: OptimizerState, lengths: Readonly<Record<string, number>>): void {
  const names = Object.keys(lengths);
  const fits =
    names.length === Object.keys(state).length && names.every((name) => state[name]?.length === lengths[name]);
  if (!fits) throw new RangeError('these are not the arrays of this optimizer');
}
