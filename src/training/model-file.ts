import { matrix, scalar, vector } from '../array/matrix.ts';
import { MOST_CORRUPTED_EPOCHS } from '../corruption/corruption.ts';
import { parseJson } from '../data/formats/json.ts';
import { readSafetensors, type SafeTensor, writeSafetensors } from '../data/formats/safetensors.ts';
import type { Preprocessing } from '../data/preprocessing/preprocessing.ts';
import { preprocessingFromTensors, preprocessingToTensors } from '../data/preprocessing/preprocessing-tensors.ts';
import { InputError } from '../errors.ts';
import { createKernels } from '../kernels/create.ts';
import type { TensorSpec } from '../layers/layer.ts';
import { Autoencoder } from '../model/autoencoder.ts';
import { autoencoderSpec } from '../model/autoencoder-spec.ts';
import { Classifier } from '../model/classifier.ts';
import { type ClassifierConfig, classifierSpec, parseClassifierConfig } from '../model/classifier-config.ts';
import { type AutoencoderConfig, parseConfig } from '../model/config.ts';
import { type CreateOptions, parseCreateOptions } from '../model/kernel-options.ts';
import { assertModel } from '../model/model-check.ts';
import type { NetworkSpec } from '../model/spec.ts';
import { show } from '../validate.ts';

/** What a file carries beside weights and config. */
export interface Attachments {
  /** The fitted steps between raw data and the model's inputs, so that new data are treated alike. */
  readonly preprocessing?: readonly Preprocessing[] | undefined;
  /** Anything else, such as where the data came from: texts by names, which come back as given. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** What a model file gives back. */
export interface SavedModel {
  /** Ready to encode. */
  readonly model: Autoencoder;
  /** The fitted steps that were saved; [] where there were none. */
  readonly preprocessing: readonly Preprocessing[];
  /** What else was saved with it, as it was given. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** What a classifier's file gives back. */
export interface SavedClassifier extends Omit<SavedModel, 'model'> {
  /** Ready to predict. */
  readonly classifier: Classifier;
}

const FORMAT = 'rhohat';
const VERSION = '1';

/**
 * The model as a .safetensors file: every parameter under its name, F32 or F64 as the model's precision, and the whole
 * config as JSON in the metadata. The same model gives the same bytes.
 */
export function serializeModel(model: Autoencoder, attachments: Attachments = {}): Promise<Uint8Array<ArrayBuffer>> {
  return serialize(model, 'autoencoder', attachments);
}

/** The classifier as a .safetensors file, as `serializeModel` does. */
export function serializeClassifier(
  classifier: Classifier,
  attachments: Attachments = {},
): Promise<Uint8Array<ArrayBuffer>> {
  return serialize(classifier, 'classifier', attachments);
}

type Kind = 'autoencoder' | 'classifier';

async function serialize(
  model: Autoencoder | Classifier,
  kind: Kind,
  attachments: Attachments,
): Promise<Uint8Array<ArrayBuffer>> {
  assertModel(model, kind === 'autoencoder' ? 'Autoencoder' : 'Classifier');
  const { json, tensors } = preprocessingToTensors(attachments.preprocessing ?? []);
  for (const [name, { shape, data, offset, size }] of Object.entries(await model.parameters())) {
    tensors.set(name, { shape, data: data.subarray(offset, offset + size) });
  }
  for (const [name, { shape, data, offset, size }] of Object.entries(await model.engine.state.read(['model-state']))) {
    tensors.set(name, { shape, data: data.subarray(offset, offset + size) });
  }
  const { epochs, fresh, spec } = model.engine;
  return writeSafetensors(tensors, {
    ...keptApart(attachments.metadata ?? {}),
    format: FORMAT,
    version: VERSION,
    kind,
    config: JSON.stringify(model.config),
    preprocessing: JSON.stringify(json),
    ...(epochs > 0 && spec.corruption !== null ? { epochs: `${epochs}` } : {}),
    ...(fresh && spec.layers.some(({ center }) => center !== null) ? { fresh: 'true' } : {}), // its centre is still to begin
  });
}

/** What of the metadata is the file's own; whatever a caller calls by one of these names is kept under another. */
const OWN = ['format', 'version', 'kind', 'config', 'preprocessing', 'epochs', 'fresh'];
const APART = 'metadata.';

/** A caller's metadata under names that are none of the file's. */
function keptApart(metadata: Readonly<Record<string, string>>): Record<string, string> {
  const named = Object.entries(metadata).map(([name, text]) => {
    return [OWN.includes(name) || name.startsWith(APART) ? APART + name : name, text];
  });
  return Object.fromEntries(named);
}

/** A caller's metadata as it was given. */
function asGiven(metadata: Readonly<Record<string, string>>): Record<string, string> {
  const given = Object.entries(metadata).filter(([name]) => !OWN.includes(name));
  return Object.fromEntries(
    given.map(([name, text]) => [name.startsWith(APART) ? name.slice(APART.length) : name, text]),
  );
}

/**
 * The model of a file that `serializeModel` wrote, with its attachments.
 * @throws InputError if the file is no such file, if its names, shapes or types are not those of its config, or if a number is
 * not finite. Memory: what the model takes, which follows from the tensors in the file.
 */
export async function deserializeModel(bytes: Uint8Array, options: CreateOptions = {}): Promise<SavedModel> {
  const { tensors, json, epochs, fresh, ...rest } = open(bytes, 'autoencoder');
  const runs = parseCreateOptions(options);
  const config = ofFile(() => parseConfig(json as AutoencoderConfig, runs.parts));
  checkTensors(autoencoderSpec(config, runs.parts), config.precision, tensors);
  const model = Autoencoder.over(createKernels(config.precision, runs), config, runs, true);
  fill(model, tensors);
  Object.assign(model.engine, { epochs, fresh });
  return { model, ...rest };
}

/** The classifier of a file that `serializeClassifier` wrote. @throws InputError as `deserializeModel` does. */
export async function deserializeClassifier(bytes: Uint8Array, options: CreateOptions = {}): Promise<SavedClassifier> {
  const { tensors, json, epochs: _, fresh: __, ...rest } = open(bytes, 'classifier');
  const runs = parseCreateOptions(options);
  const config = ofFile(() => parseClassifierConfig(renamed(json) as ClassifierConfig, runs.parts));
  checkTensors(classifierSpec(config, runs.parts), config.precision, tensors);
  const classifier = Classifier.over(createKernels(config.precision, runs), config, runs, true);
  fill(classifier, tensors);
  return { classifier, ...rest };
}

/** @throws InputError that says where the config is that `parse` refuses. */
function ofFile<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw error instanceof InputError ? new InputError(`model file: its ${error.message}`) : error;
  }
}

/** Earlier files have `kSparse` for `layers`. */
function renamed(json: unknown): unknown {
  if (json === null || typeof json !== 'object' || !('kSparse' in json) || 'layers' in json) return json;
  const { kSparse, ...others } = json;
  return { ...others, layers: kSparse };
}

/** The parts of a file of the right kind and version. */
function open(bytes: Uint8Array, kind: Kind) {
  const { tensors, metadata } = readSafetensors(bytes);
  if (metadata.format !== FORMAT || metadata.config === undefined) {
    throw new InputError('model file: it has no rhohat config in its metadata: it must be a file that rhohat saved');
  }
  if (metadata.version !== VERSION) {
    throw new InputError(
      `model file: its version is ${show(metadata.version)}: this rhohat reads version ${VERSION}; save it again with a matching release`,
    );
  }
  if (metadata.kind !== kind) {
    throw new InputError(`model file: it holds ${show(metadata.kind)}, and ${show(kind)} is needed: name another file`);
  }
  const steps = parseJson(metadata.preprocessing ?? '[]', 'model file: its preprocessing');
  const epochs = Number(metadata.epochs ?? 0);
  if (!/^\d{1,7}$/.test(metadata.epochs ?? '0') || epochs > MOST_CORRUPTED_EPOCHS) {
    throw new InputError(
      `model file: its epochs is ${show(metadata.epochs)}: it must be a whole number, at most ${MOST_CORRUPTED_EPOCHS}`,
    );
  }
  return {
    tensors,
    epochs,
    fresh: metadata.fresh === 'true',
    metadata: asGiven(metadata),
    json: parseJson(metadata.config, 'model file: its config'),
    preprocessing: preprocessingFromTensors(steps, tensors),
  };
}

/**
 * Throws InputError unless the tensors are exactly the parameters, and preprocessing. This goes before the model is made:
 * a config may claim any size, a file's tensors have the bytes to show for theirs.
 */
function checkTensors(
  { parameters, state }: NetworkSpec,
  precision: string,
  tensors: ReadonlyMap<string, SafeTensor>,
): void {
  const kept = state.filter(({ role }) => role === 'model-state');
  for (const { name, shape, role } of [...parameters, ...kept]) {
    const dtype = role === 'trained' && precision === 'float32' ? 'F32' : 'F64';
    const tensor = tensors.get(name);
    if (tensor === undefined) throw new InputError(`model file: tensor ${show(name)} is missing: the file is damaged`);
    if (tensor.dtype !== dtype) {
      throw new InputError(
        `model file: tensor ${show(name)} is ${tensor.dtype}: its config says ${precision}, so it must be ${dtype}`,
      );
    }
    if (tensor.shape.length !== shape.length || shape.some((n, i) => n !== tensor.shape[i])) {
      throw new InputError(
        `model file: tensor ${show(name)} has shape (${tensor.shape.join(', ')}): its config asks for (${shape.join(', ')})`,
      );
    }
  }
  const names = new Set([...parameters, ...kept].map(({ name }) => name));
  const stray = [...tensors.keys()].find((name) => !names.has(name) && !name.startsWith('preprocessing.'));
  if (stray !== undefined) {
    throw new InputError(
      `model file: tensor ${show(stray)} is not part of the model: the file does not fit its config`,
    );
  }
}

/** Sets a new model's parameters and state from the checked tensors. */
function fill(model: Autoencoder | Classifier, tensors: ReadonlyMap<string, SafeTensor>): void {
  const { layout, state } = model.engine;
  const arrayOf = ({ name, shape }: Pick<TensorSpec, 'name' | 'shape'>) => {
    const data = tensors.get(name)?.data ?? new Float64Array(0);
    if (shape.length === 0) return [name, scalar(data)] as const;
    return [name, shape.length === 2 ? matrix(data, shape[0], shape[1]) : vector(data)] as const;
  };
  model.setParameters(Object.fromEntries(layout.parameters.map(arrayOf)));
  state.write(Object.fromEntries(state.layout.parameters.filter(({ name }) => tensors.has(name)).map(arrayOf)));
}
