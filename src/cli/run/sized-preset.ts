import { InputError } from '../../errors.ts';
import { type DataSize, dictionaries } from '../../training/dictionaries.ts';
import type { Run } from '../../training/run.ts';

/** What decides, beside the data, where such a preset begins. */
interface SizingFlags {
  preset?: string;
  config?: string;
  hidden?: number | number[];
  prefixes?: number[];
  epochs?: number;
  batchSize?: number;
}

/** Before the data are read: so many that nothing is refused for their size. */
const UNKNOWN: DataSize = { rows: 10_000_000, inputs: 2 ** 24, deviation: 1 };

/** Whether the run begins with a preset that follows from the data. */
export function isSized({ preset }: SizingFlags): boolean {
  return preset !== undefined && Object.hasOwn(dictionaries, preset);
}

/**
 * Where the run begins, for data of such a size. Hidden units are as many as the longest of --prefixes, where nobody says.
 * @throws InputError without data: the preset has none of its own.
 */
export function sizedBase(source: string | undefined, flags: SizingFlags, size: DataSize = UNKNOWN): Run {
  const { preset = '', prefixes, epochs, batchSize } = flags;
  if (source === undefined) {
    throw new InputError(
      `--preset ${preset} has no data of its own: name them, such as rhohat train activations.npy --preset ${preset}`,
    );
  }
  const hidden = Array.isArray(flags.hidden) ? flags.hidden[flags.hidden.length - 1] : flags.hidden;
  return {
    source,
    data: {},
    ...dictionaries[preset]({ ...size, hidden: hidden ?? prefixes?.[prefixes.length - 1], epochs, batchSize }),
  };
}
