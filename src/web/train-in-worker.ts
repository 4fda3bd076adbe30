import { assertObject } from '../array/argument-check.ts';
import type { AnyNumbers, View } from '../array/matrix.ts';
import { asView, type MatrixLike } from '../array/view-check.ts';
import { EngineError, InputError, show } from '../errors.ts';
import type { KernelChoice, KernelOptions } from '../kernels/kernels.ts';
import type { Autoencoder } from '../model/autoencoder.ts';
import type { Classifier, Labels } from '../model/classifier.ts';
import type { ClassifierConfig } from '../model/classifier-config.ts';
import type { AutoencoderConfig } from '../model/config.ts';
import type { ClassifierFitOptions } from '../training/fit-classifier.ts';
import type { FitResult } from '../training/history.ts';
import {
  deserializeClassifier,
  deserializeModel,
  serializeClassifier,
  serializeModel,
} from '../training/model-file.ts';
import type { PageOptions } from './page-options.ts';
import { type Port, toMessage, type WorkerFitOptions } from './protocol.ts';
import { type ClassifierSnapshotOptions, requestOf, type SnapshotOptions } from './snapshot.ts';
import { runIn } from './worker-run.ts';

/** As of `fit`, less what cannot be sent: functions, and parts of your own. */
export interface WorkerTrainingOptions extends WorkerFitOptions, PageOptions {
  /** Parameters, codes and reconstructions for the page, as training goes: see {@link SnapshotOptions}. */
  readonly snapshot?: SnapshotOptions | undefined;
}

/** As of `fitClassifier`, less what cannot be sent. */
export interface WorkerClassifierOptions
  extends Omit<WorkerTrainingOptions, 'validation' | 'target' | 'validationTarget' | 'snapshot'>,
    Pick<ClassifierFitOptions, 'stage' | 'validation'> {
  /** Parameters and probabilities for the page, as training goes: see {@link ClassifierSnapshotOptions}. */
  readonly snapshot?: ClassifierSnapshotOptions | undefined;
}

/** A model that was trained in a worker. */
export interface TrainedInWorker {
  /** Trained, in this thread. */
  readonly model: Autoencoder;
  /** What `fit` gave in the worker. */
  readonly result: FitResult;
}

/** A classifier that was trained in a worker. */
export interface ClassifierTrainedInWorker {
  /** Trained, in this thread. */
  readonly classifier: Classifier;
  /** What `fitClassifier` gave in the worker. */
  readonly result: FitResult;
}

/**
 * Trains a model in a worker that runs `serve`, so that the page stays free: a new one of a config, or on from a model, which
 * itself stays as it is, or from the bytes of a model's file. Examples are copied to the worker, or shared where they lie in a SharedArrayBuffer; the
 * trained model comes back as one of this thread.
 * @throws what `Autoencoder.create` and `fit` throw; InputError for what cannot be sent; EngineError when the worker itself
 *   fails: its script does not load, or never calls `serve`.
 */
export async function trainInWorker(
  worker: Port,
  start: AutoencoderConfig | Autoencoder | Uint8Array,
  x: MatrixLike,
  options: WorkerTrainingOptions = {},
): Promise<TrainedInWorker> {
  assertWorker(worker);
  assertObject(start, 'the model', '{ inputs: 64, hidden: 25 }, or a model');
  assertObject(options, 'options', '{ epochs: 10 }');
  assertOptions(options);
  const { engine, target, validation, validationTarget, snapshot, ...rest } = options;
  const config = isModel<Autoencoder>(start) ? await serializeModel(start) : start;
  const { bytes, result, chosen } = await runIn(worker, { kind: 'autoencoder', config }, sent(x, 'x'), {
    ...rest,
    engine,
    ...(snapshot ? { snapshot: requestOf(snapshot, 'autoencoder', sent), take: snapshot.take } : {}),
    ...(target ? { target: sent(target, 'options.target') } : {}),
    ...(validation ? { validation: sent(validation, 'options.validation') } : {}),
    ...(validationTarget ? { validationTarget: sent(validationTarget, 'options.validationTarget') } : {}),
  });
  const { model } = await here(engine, chosen, (options) => deserializeModel(bytes, options));
  return { model, result };
}

/**
 * The same for a classifier, on examples with labels.
 * @throws as `trainInWorker` does.
 */
export async function trainClassifierInWorker(
  worker: Port,
  start: ClassifierConfig | Classifier | Uint8Array,
  x: MatrixLike,
  labels: Labels,
  options: WorkerClassifierOptions = {},
): Promise<ClassifierTrainedInWorker> {
  assertWorker(worker);
  assertObject(start, 'the classifier', '{ inputs: 64, hidden: [25], classes: 10 }, or a classifier');
  assertObject(options, 'options', '{ epochs: 10 }');
  assertOptions(options);
  const { engine, validation, snapshot, ...rest } = options;
  const config = isModel<Classifier>(start) ? await serializeClassifier(start) : start;
  const held = validation && { validationLabels: validation.labels };
  const { bytes, result, chosen } = await runIn(worker, { kind: 'classifier', config, labels, ...held }, sent(x, 'x'), {
    ...rest,
    engine,
    ...(snapshot ? { snapshot: requestOf(snapshot, 'classifier', sent), take: snapshot.take } : {}),
    ...(validation ? { validation: sent(validation.x, 'options.validation.x') } : {}),
  });
  const { classifier } = await here(engine, chosen, (options) => deserializeClassifier(bytes, options));
  return { classifier, result };
}

/** What was trained, on this side: on what the worker chose, and on the processor where it has a GPU and this side has none. */
async function here<T>(
  engine: KernelOptions = {},
  chosen: KernelChoice | null,
  load: (options: KernelOptions) => Promise<T>,
): Promise<T> {
  try {
    return await load(engine.kernels === 'auto' ? { ...engine, chosen } : engine);
  } catch (error) {
    if (engine.kernels !== 'webgpu' || !(error instanceof EngineError)) throw error;
    return load({ ...engine, kernels: 'cpu' });
  }
}

/** @throws InputError for what is used on this side; the rest is checked by `fit`, there. */
function assertOptions({ signal, checkpoint, onProgress, onEpoch, ...rest }: PageOptions & object): void {
  for (const [name, value] of Object.entries({
    onProgress,
    onEpoch,
    'checkpoint.save': checkpoint && (checkpoint.save ?? null),
  })) {
    if (value === undefined || typeof value === 'function') continue;
    throw new InputError(`options.${name} is ${show(value)}: it must be a function`);
  }
  if (signal !== undefined && typeof signal?.addEventListener !== 'function') {
    throw new InputError(
      `options.signal is ${show(signal)}: it must be an AbortSignal, such as new AbortController().signal`,
    );
  }
  const stray = ['group', 'parts'].find((key) => (rest as Record<string, unknown>)[key] !== undefined);
  if (stray !== undefined) {
    throw new InputError(`options.${stray} is given, which cannot be sent to a worker: call fit itself with it`);
  }
}

/** @throws InputError for what is no end of a channel. */
function assertWorker(worker: Port): void {
  const missing = ['postMessage', 'addEventListener', 'removeEventListener'].find(
    (name) => typeof (worker as unknown as Record<string, unknown> | null)?.[name] !== 'function',
  );
  if (missing === undefined) return;
  throw new InputError(
    `the worker is ${show(worker)}, without ${missing}: it must be a Worker of a page, or a MessagePort, as a Worker of Node is none: new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })`,
  );
}

/** Rather than a config: it has an engine. */
function isModel<M extends Autoencoder | Classifier>(start: object): start is M {
  return 'dispose' in start && 'config' in start;
}

function sent(x: MatrixLike, name: string): View<AnyNumbers> {
  return toMessage(asView(x, name));
}
