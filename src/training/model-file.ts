import type { ByteSource } from '../data/formats/byte-source.ts';
import type { Autoencoder } from '../model/autoencoder.ts';
import type { Classifier } from '../model/classifier.ts';
import type { CreateOptions } from '../model/kernel-options.ts';
import type { Attachments, SavedClassifier, SavedModel } from './model-format.ts';

export type { Attachments, SavedClassifier, SavedModel } from './model-format.ts';

// What reads and writes files is loaded when it is called.

/**
 * The model as a .safetensors file: every parameter under its name, F32 or F64 as the model's precision, and the whole
 * config as JSON in the metadata. The same model gives the same bytes.
 */
export async function serializeModel(
  model: Autoencoder,
  attachments: Attachments = {},
): Promise<Uint8Array<ArrayBuffer>> {
  return (await import('./model-writer.ts')).serialize(model, 'autoencoder', attachments);
}

/** The classifier as a .safetensors file, as `serializeModel` does. */
export async function serializeClassifier(
  classifier: Classifier,
  attachments: Attachments = {},
): Promise<Uint8Array<ArrayBuffer>> {
  return (await import('./model-writer.ts')).serialize(classifier, 'classifier', attachments);
}

/**
 * The model of a file that `serializeModel` wrote, with its attachments.
 * @throws InputError if the file is no such file, if its names, shapes or types are not those of its config, or if a number is
 * not finite. `bytes` may be a source, which is read in parts. Memory: what the model takes, which follows from the tensors in
 * the file, and 4 MiB.
 */
export async function deserializeModel(
  bytes: Uint8Array | ByteSource,
  options: CreateOptions = {},
): Promise<SavedModel> {
  return (await import('./model-reader.ts')).readModel(bytes, options);
}

/** The classifier of a file that `serializeClassifier` wrote. @throws InputError as `deserializeModel` does. */
export async function deserializeClassifier(
  bytes: Uint8Array | ByteSource,
  options: CreateOptions = {},
): Promise<SavedClassifier> {
  return (await import('./model-reader.ts')).readClassifier(bytes, options);
}
