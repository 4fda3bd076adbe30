import { InputError } from '../../errors.ts';
import type { Run } from '../../training/run.ts';
import { anyTyped, auxiliaryKinds, impliedKind, specFromFlags } from '../flags/part-flags.ts';

/** What shapes a dictionary; flags of its auxiliary stand beside them: see part-flags.ts. */
export interface DictionaryFlags {
  center?: boolean;
  prefixes?: number[];
  unitNorm?: boolean;
  auxiliary?: string;
  targetData?: string;
  skip?: boolean;
}

/**
 * The entries of a model's config that these flags set, undefined where none was typed. A transcoder is not centred, whatever it
 * begins with.
 * @throws InputError where it is asked to be, and where an autoencoder is asked to skip: it would copy its inputs.
 */
export function dictionaryFlags(base: Run, flags: DictionaryFlags): Record<string, unknown> {
  const transcoder = flags.targetData !== undefined || base.target !== undefined;
  const { center, skip } = flags;
  if ((skip ?? base.model.skip) && !transcoder) {
    throw new InputError(
      '--skip is given without --target-data: a linear map of the inputs would reconstruct them without any unit: name the targets with --target-data, or leave --skip out',
    );
  }
  if (transcoder && center) {
    throw new InputError(
      '--center is given with --target-data: c lies where the outputs do, and cannot be taken from the inputs: leave --center out',
    );
  }
  return {
    center: center ?? (transcoder && base.model.center ? false : undefined),
    prefixes: flags.prefixes,
    unitNorm: flags.unitNorm,
    auxiliary: auxiliary(base, flags),
    skip,
  };
}

/** null: none. Flags of a kind ask for it, where there is one kind. */
function auxiliary({ model: { auxiliary: given } }: Run, flags: DictionaryFlags): unknown {
  const typed = anyTyped(auxiliaryKinds, flags);
  if (flags.auxiliary === undefined && !typed) return undefined;
  const kind = flags.auxiliary ?? given?.kind ?? impliedKind(auxiliaryKinds, flags) ?? 'none';
  const spec = specFromFlags(auxiliaryKinds, kind, flags, given, `--auxiliary ${kind}`);
  return kind === 'none' ? null : spec;
}
