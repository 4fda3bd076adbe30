import type { Engine } from './engine.ts';

/** Bytes that a model holds outside of the caller's arrays, and what runs it. */
export interface Memory {
  /** θ. */
  readonly parameters: number;
  /** Gradients and activations of the batch sizes seen so far; during `fit` also the optimizer's state. */
  readonly working: number;
  /** Their sum. */
  readonly total: number;
}

/** What an engine holds at present; after `fit` its part is given back. */
export function memoryOf({ kernels, layout }: Engine): Memory {
  const parameters = layout.length * (kernels.precision === 'float32' ? 4 : 8);
  const total = kernels.heldBytes();
  return { parameters, working: total - parameters, total };
}
