import type * as v from 'valibot';

/** An entry of a part's spec that the command line sets. */
export interface PartFlag {
  /** As the command line declares it, such as `--target <rho>`; parts whose entries mean the same may share one. */
  readonly flag: string;
  /** What follows it: a number, a whole number, or nothing. */
  readonly takes: 'number' | 'whole' | 'nothing';
  /** What it sets, in a few words. */
  readonly says: string;
  /** The entry's value on the command line where nobody says. */
  readonly byDefault?: unknown;
  /** The flag alone asks for this kind. */
  readonly implies?: boolean;
}

/**
 * What layer kinds, terms, rules and optimizers have in common: a config names one by its kind, the schema checks the rest, and
 * messages, saved models and the command line follow.
 */
export interface PartKind<S extends { readonly kind: string }> {
  /** A strict object with the literal kind. Without one, whatever a config gives passes. */
  readonly schema?: v.GenericSchema<S>;
  /** Entries of a spec that the command line sets. */
  readonly flags?: Readonly<Partial<Record<Exclude<keyof S, 'kind' | 'layer'>, PartFlag>>>;
}
