import type { ImageShape } from '../../data/examples.ts';
import { parseJson } from '../../data/formats/json.ts';
import type { SavedModel } from '../../training/model-file.ts';
import { parseDataPlan, type SourcePlan } from '../../training/run.ts';

/** What a model file says of the data it was trained on. */
export interface SavedData {
  readonly source?: string;
  /** Of a transcoder: what its outputs were compared with. */
  readonly target?: string;
  readonly data: SourcePlan;
  readonly image?: ImageShape;
  /** Names of the columns, before preprocessing. */
  readonly columns?: readonly string[];
  /** Of a classifier: what its classes are called. */
  readonly classes?: readonly string[];
}

/** From the model file's metadata; a file without it was saved from the library. @throws InputError if it is damaged. */
export function savedData({ metadata }: Pick<SavedModel, 'metadata'>): SavedData {
  if (metadata.run === undefined) return { data: {} };
  const run = parseJson(metadata.run, 'model file: its record of the data') as Partial<SavedData> | null;
  const { source, target, image, columns, classes } = run ?? {};
  return {
    data: parseDataPlan(run?.data ?? {}),
    ...(typeof source === 'string' ? { source } : {}),
    ...(typeof target === 'string' ? { target } : {}),
    ...(isShape(image) ? { image } : {}),
    ...(areTexts(columns) ? { columns } : {}),
    ...(areTexts(classes) ? { classes } : {}),
  };
}

function areTexts(list: unknown): list is string[] {
  return Array.isArray(list) && list.every((name) => typeof name === 'string');
}

function isShape(image: unknown): image is ImageShape {
  const { height, width, channels } = (image ?? {}) as Partial<ImageShape>;
  return [height, width, channels].every((n) => Number.isSafeInteger(n) && (n as number) > 0);
}
