import { matrix, scalar, vector } from '../array/matrix.ts';
import { MOST_CORRUPTED_EPOCHS } from '../corruption/corruption.ts';
import { type ByteSource, byteSource } from '../data/formats/byte-source.ts';
import { parseJson } from '../data/formats/json.ts';
import { itemBytes, numbersFromBytes } from '../data/formats/number-bytes.ts';
import { openSafetensors, type StoredSafetensor } from '../data/formats/safetensors-source.ts';
import { blocksOf, countOf, valuesOf } from '../data/formats/stored-numbers.ts';
import type { Tensor } from '../data/formats/tensor.ts';
import { preprocessingFromTensors } from '../data/preprocessing/preprocessing-tensors.ts';
import { InputError } from '../errors.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { together } from '../model/agreement.ts';
import { Autoencoder } from '../model/autoencoder.ts';
import { autoencoderSpec } from '../model/autoencoder-spec.ts';
import { overKernels } from '../model/choose-kernels.ts';
import { Classifier } from '../model/classifier.ts';
import { type ClassifierConfig, classifierSpec, parseClassifierConfig } from '../model/classifier-config.ts';
import { type AutoencoderConfig, parseConfig } from '../model/config.ts';
import { fillParameter } from '../model/fill-parameter.ts';
import { assertUnshared, type CreateOptions, parseCreateOptions } from '../model/kernel-options.ts';
import type { NetworkSpec } from '../model/spec.ts';
import type { Why } from '../model/why.ts';
import { show } from '../validate.ts';
import { asGiven, FORMAT, type Kind, type SavedClassifier, type SavedModel, VERSION } from './model-format.ts';

/** What `deserializeModel` says. */
export async function readModel(bytes: Uint8Array | ByteSource, options: CreateOptions): Promise<SavedModel> {
  const { tensors, json, epochs, fresh, ...rest } = await open(bytes, 'autoencoder');
  const runs = parseCreateOptions(options);
  const config = ofFile(() => parseConfig(json as AutoencoderConfig, runs.parts));
  const spec = autoencoderSpec(config, runs.parts);
  checkTensors(spec, config.precision, tensors);
  const make = (kernels: Kernels, why: Why) => Autoencoder.over(kernels, config, runs, true, why);
  const model = await overKernels({ ...config, spec: () => spec }, runs, make);
  await together(model.engine.spec.shard?.latents, () => fill(model, tensors));
  Object.assign(model.engine, { epochs, fresh });
  return { model, ...rest };
}

/** What `deserializeClassifier` says. */
export async function readClassifier(bytes: Uint8Array | ByteSource, options: CreateOptions): Promise<SavedClassifier> {
  const { tensors, json, epochs, fresh: _, ...rest } = await open(bytes, 'classifier');
  const runs = parseCreateOptions(options);
  assertUnshared(runs, 'a classifier');
  const config = ofFile(() => parseClassifierConfig(renamed(json) as ClassifierConfig, runs.parts));
  const spec = classifierSpec(config, runs.parts);
  checkTensors(spec, config.precision, tensors);
  const make = (kernels: Kernels, why: Why) => Classifier.over(kernels, config, runs, true, why);
  const classifier = await overKernels({ ...config, spec: () => spec }, runs, make);
  await fill(classifier, tensors);
  classifier.engine.epochs = epochs;
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
async function open(bytes: Uint8Array | ByteSource, kind: Kind) {
  const { tensors, metadata } = await openSafetensors(byteSource(bytes));
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
    preprocessing: preprocessingFromTensors(steps, await preprocessingTensors(tensors)),
  };
}

/**
 * Throws InputError unless the tensors are exactly the parameters, and preprocessing. This goes before the model is made:
 * a config may claim any size, a file's tensors have the bytes to show for theirs.
 */
function checkTensors(
  { parameters, state }: NetworkSpec,
  precision: string,
  tensors: ReadonlyMap<string, StoredSafetensor>,
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

/** Sets a new model's parameters and state from the checked tensors, each a part at a time. */
async function fill(model: Autoencoder | Classifier, tensors: ReadonlyMap<string, StoredSafetensor>): Promise<void> {
  const { engine } = model;
  const { layout, state } = engine;
  try {
    for (const { name } of layout.parameters) {
      const stored = tensors.get(name);
      const what = `model file: tensor ${show(name)}`;
      if (stored !== undefined)
        await fillParameter(engine, name, blocksOf(ownRows(stored, name, engine.spec), what), what);
    }
    for (const { name, shape } of state.layout.parameters) {
      const stored = tensors.get(name);
      if (stored === undefined) continue;
      const data = await valuesOf(stored, `model file: tensor ${show(name)}`);
      const value =
        shape.length === 0 ? scalar(data) : shape.length === 2 ? matrix(data, shape[0], shape[1]) : vector(data);
      state.write({ [name]: value });
    }
  } catch (error) {
    model.dispose();
    throw error;
  }
  engine.fresh = false;
}

/** Of a parameter of latents that processes share, the rows of this process. */
function ownRows(stored: StoredSafetensor, name: string, { shard }: NetworkSpec): StoredSafetensor {
  if (shard === undefined || shard.common.includes(name)) return stored;
  const { first, count } = shard.latents;
  const { shape, stride, kind, begin } = stored;
  return { ...stored, shape: [count, ...shape.slice(1)], begin: begin + first * stride[0] * itemBytes[kind] };
}

/** The tensors of preprocessing, which are small, as they are. */
async function preprocessingTensors(tensors: ReadonlyMap<string, StoredSafetensor>): Promise<Map<string, Tensor>> {
  const own = [...tensors].filter(([name]) => name.startsWith('preprocessing.'));
  const read = own.map(async ([name, stored]): Promise<[string, Tensor]> => {
    const { source, begin, kind, shape } = stored;
    const bytes = await source.read(begin, begin + countOf(stored) * itemBytes[kind]);
    return [name, { shape, data: numbersFromBytes(bytes, kind, true, `tensor ${show(name)}`) }];
  });
  return new Map(await Promise.all(read));
}
