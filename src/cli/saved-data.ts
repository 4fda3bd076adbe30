import type { ImageShape } from '../data/examples.ts';
import type { DataPlan } from '../data/prepare.ts';
import { InputError } from '../errors.ts';
import type { SavedModel } from '../training/model-file.ts';
import { parseDataPlan } from '../training/run.ts';

/** What a model file says of the data it was trained on. */
export interface SavedData {
  readonly source?: string;
  readonly data: DataPlan;
  readonly image?: ImageShape;
}

/** From the model file's metadata; a file without it was saved from the library. @throws InputError if it is damaged. */
export function savedData({ metadata }: Pick<SavedModel, 'metadata'>): SavedData {
  if (metadata.run === undefined) return { data: {} };
  let run: Partial<SavedData>;
  try {
    run = JSON.parse(metadata.run);
  } catch {
    throw new InputError('the model file is damaged: its record of the data is not JSON');
  }
  const { source, image } = run ?? {};
  return {
    data: parseDataPlan(run?.data ?? {}),
    ...(typeof source === 'string' ? { source } : {}),
    ...(isShape(image) ? { image } : {}),
  };
}

function isShape(image: unknown): image is ImageShape {
  const { height, width, channels } = (image ?? {}) as Partial<ImageShape>;
  return [height, width, channels].every((n) => Number.isSafeInteger(n) && (n as number) > 0);
}
