import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ByteSource } from '../data/formats/byte-source.ts';
import { InputError } from '../errors.ts';
import type { KernelOptions } from '../kernels/kernels.ts';
import type { Autoencoder } from '../model/autoencoder.ts';
import type { Classifier } from '../model/classifier.ts';
import type { CreateOptions } from '../model/kernel-options.ts';
import {
  type Attachments,
  deserializeClassifier,
  deserializeModel,
  type SavedClassifier,
  type SavedModel,
  serializeClassifier,
  serializeModel,
} from '../training/model-file.ts';
import { withFileSource } from './file-source.ts';
import { kindOfPath, naming } from './read-bytes.ts';
import { writeWhole } from './run-folder.ts';
import { settle } from './staged-files.ts';
import { RUN_FILE } from './unfinished-run.ts';
import { reasonOf } from './write-reasons.ts';

export const MODEL_FILE = 'model.safetensors';
export const CLASSIFIER_FILE = 'classifier.safetensors';

/**
 * Saves a model as a .safetensors file, whole or not at all; where processes share its latents, all of them must call, and the first
 * writes. @throws InputError if it cannot be written.
 */
export async function saveModel(path: string, model: Autoencoder, attachments: Attachments = {}): Promise<void> {
  if (model?.engine?.spec.shard !== undefined) {
    const { saveShared } = await import('./save-shared.ts');
    await saveShared(path, model, attachments);
  } else await writeWhole(path, await serializeModel(model, attachments));
}

/**
 * Loads a model from its file, or from a run folder that holds model.safetensors.
 * @throws InputError, naming the file, if it is missing, damaged, or not a model.
 */
export async function loadModel(path: string, options: CreateOptions = {}): Promise<SavedModel> {
  return load(path, MODEL_FILE, (source) => deserializeModel(source, options));
}

/** Saves a classifier as a .safetensors file, whole or not at all. @throws InputError if it cannot be written. */
export async function saveClassifier(
  path: string,
  classifier: Classifier,
  attachments: Attachments = {},
): Promise<void> {
  await writeWhole(path, await serializeClassifier(classifier, attachments));
}

/** Loads a classifier from its file, or from a run folder that holds classifier.safetensors. @throws as `loadModel`. */
export async function loadClassifier(path: string, options: KernelOptions = {}): Promise<SavedClassifier> {
  return load(path, CLASSIFIER_FILE, (source) => deserializeClassifier(source, options));
}

/** The file itself, or the one of that name in a folder. */
async function load<T>(path: string, name: string, read: (source: ByteSource) => Promise<T>): Promise<T> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const file = isFolder ? join(path, name) : path;
  if (isFolder) await ended(path);
  if (isFolder && (await kindOfPath(file)) === undefined && (await kindOfPath(join(path, RUN_FILE))) === 'file') {
    throw new InputError(`${path}: its run did not end: rhohat train --resume ${path} goes on`);
  }
  if (isFolder && (await kindOfPath(file)) === undefined) {
    const other = name === MODEL_FILE ? CLASSIFIER_FILE : MODEL_FILE;
    const found = (await kindOfPath(join(path, other))) === 'file' ? `, but ${other}` : '';
    const from = name === MODEL_FILE ? 'rhohat train or stack' : 'rhohat classify';
    throw new InputError(`${path}: the folder holds no ${name}${found}: name a run folder of ${from}`);
  }
  return withFileSource(file, (source) => naming(file, () => read(source)));
}

/** Ends what a kill cut short while results were moved into a folder. */
async function ended(folder: string): Promise<void> {
  try {
    await settle(folder);
  } catch (error) {
    throw new InputError(
      `${folder}: writing its results was cut short, and cannot be ended: ${reasonOf(error)}; run rhohat inspect ${folder} where it can`,
    );
  }
}
