import { adam } from './adam.ts';
import { lbfgs } from './lbfgs.ts';
import type { OptimizerKind } from './optimizer.ts';
import { sgd } from './sgd.ts';

/** Optimizers by the `kind` of their config. A new one is one file and one line here. */
export const optimizers = { lbfgs, sgd, adam };

type SpecsOf<T> = { [K in keyof T]: T[K] extends OptimizerKind<infer S> ? S : never }[keyof T];
/** How θ goes down: L-BFGS on the whole set, SGD or Adam on mini-batches. */
export type OptimizerConfig = SpecsOf<typeof optimizers>;
