import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Autoencoder } from '../model/autoencoder.ts';
import { type Attachments, deserializeModel, type SavedModel, serializeModel } from '../training/model-file.ts';
import { naming, readBytes } from './read-bytes.ts';
import { writeWhole } from './run-folder.ts';

export const MODEL_FILE = 'model.safetensors';

/** Saves a model as a .safetensors file, whole or not at all. @throws InputError if it cannot be written. */
export async function saveModel(path: string, model: Autoencoder, attachments: Attachments = {}): Promise<void> {
  await writeWhole(path, serializeModel(model, attachments));
}

/**
 * Loads a model from its file, or from a run folder that holds model.safetensors.
 * @throws InputError, naming the file, if it is missing, damaged, or not a model.
 */
export async function loadModel(path: string): Promise<SavedModel> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const file = isFolder ? join(path, MODEL_FILE) : path;
  const bytes = await readBytes(file);
  return naming(file, () => deserializeModel(bytes));
}
