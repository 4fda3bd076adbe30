import type * as v from 'valibot';
import type { Numbers } from '../array/matrix.ts';
import type { Draw } from '../array/random.ts';

/**
 * Corrupts coordinates begin … begin + d − 1 of `out`, which hold the clean example, and writes 1 where it did so into
 * `mask`, if there is one, which holds 0 there. All chance comes from `address`.
 */
export type CorruptRow = (out: Numbers, mask: Uint8Array | null, begin: number, address: Draw) => void;

/** A kind of corruption: one file, and one line of the table in corruption.ts. */
export interface CorruptionKind<Spec extends { readonly kind: string }> {
  /** A strict object with the literal kind: checks a spec key by key and fills in its defaults. */
  readonly schema: v.GenericSchema<Spec>;
  /** The entry of a spec that says how much: what `--corruption kind:amount` sets. */
  readonly amount: string;
  /** What corrupts an example of d coordinates. Scratch is allocated here, once for many examples. */
  prepare(spec: Spec, d: number): CorruptRow;
}
