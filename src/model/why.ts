import type { Precision } from '../array/matrix.ts';
import type { KernelChoice, Kernels } from '../kernels/kernels.ts';
import type { NetworkSpec } from './spec.ts';

/** Why a model runs on its kernels, beside what these say themselves. */
export interface Why {
  /** Where `auto` chose. */
  readonly chosen: KernelChoice | null;
  /** Why it chose without a comparison. */
  readonly note: string | null;
}

/** A model that is to be made. */
export interface Wanted {
  readonly precision: Precision;
  readonly seed: number;
  /** Its network: what `auto` times. */
  spec(): NetworkSpec;
}

/** Of kernels that were named. */
export const NAMED: Why = { chosen: null, note: null };

/** Kernels, and why these. */
export interface Chosen {
  readonly kernels: Kernels;
  readonly why: Why;
}
