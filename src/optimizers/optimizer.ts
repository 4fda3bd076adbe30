import type { Numbers, Vector } from '../array/matrix.ts';

/** A cost over a flat θ. Optimizers know no model: they see θ, ∂J/∂θ and a way to evaluate both. */
export interface Problem<E extends { readonly cost: number }> {
  readonly theta: Vector;
  /** ∂J/∂θ of the last evaluation. */
  readonly gradient: Vector;
  /** J and ∂J/∂θ at the present θ. */
  evaluate(): Promise<E>;
}

export interface StepResult<E> {
  /** SGD and Adam: at θ before the update, on this batch. L-BFGS: at the θ that the step reached. */
  readonly evaluation: E;
  /** ‖∂J/∂θ‖₂ of that evaluation. */
  readonly gradientNorm: number;
  /** Why no further step would help; null while there is more to gain. */
  readonly converged: string | null;
  /** What has overflowed in the optimizer itself, where cost and gradient are finite: θ may then not have moved. */
  readonly overflow?: string | null;
}

/** Flat arrays by name: all that later steps depend on beside θ. Those in θ's layout have its length. */
export type OptimizerState = Readonly<Record<string, Numbers>>;

/**
 * An optimizer with its state, which shares θ's layout. A step whose cost or gradient is not finite changes nothing and
 * returns that evaluation.
 */
export interface Optimizer {
  step<E extends { readonly cost: number }>(problem: Problem<E>): Promise<StepResult<E>>;
  /** Puts θ back to where its cost was last seen to be finite: before the last update. */
  undo(theta: Vector): void;
  /** A copy of the state between two steps. */
  state(): OptimizerState;
  /** Takes over what `state` gave, of the same config, before any step: the next steps are those that followed there. */
  restore(state: OptimizerState): void;
}
