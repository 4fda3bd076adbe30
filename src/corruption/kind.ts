import type * as v from 'valibot';
import type { Numbers } from '../array/matrix.ts';
import type { Draw } from '../array/random.ts';

/** What corrupts examples: x̃ = factor ⊙ x + shift. Arrays that hold (examples, d), row-major. */
export interface Noise {
  /** 1 where nothing is drawn. */
  readonly factor: Numbers;
  /** 0 where nothing is drawn. */
  readonly shift: Numbers;
  /** Where coordinates are told apart: `corrupted` goes to those that are touched, what was there stays at the others. */
  readonly marks: { readonly at: Numbers | Uint8Array; readonly corrupted: number } | null;
}

/** Draws the noise of coordinates begin … begin + d − 1, one example. All chance comes from `address`. */
export type DrawRow = (noise: Noise, begin: number, address: Draw) => void;

/** A kind of corruption: one file, and one line of the table in corruption.ts. */
export interface CorruptionKind<Spec extends { readonly kind: string }> {
  /** A strict object with the literal kind: checks a spec key by key and fills in its defaults. */
  readonly schema: v.GenericSchema<Spec>;
  /** The entry of a spec that says how much: what `--corruption kind:amount` sets. */
  readonly amount: string;
  /** What draws for an example of d coordinates. Scratch is allocated here, once for many examples. */
  prepare(spec: Spec, d: number): DrawRow;
}
