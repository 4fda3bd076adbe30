import type { AnyNumbers, View } from '../array/matrix.ts';
import { Autoencoder } from '../model/autoencoder.ts';
import { Classifier } from '../model/classifier.ts';
import type { ClassifierConfig } from '../model/classifier-config.ts';
import type { AutoencoderConfig } from '../model/config.ts';
import type { CheckpointOptions } from '../training/checkpoints/checkpoint-options.ts';
import { fit } from '../training/fit.ts';
import { fitClassifier } from '../training/fit-classifier.ts';
import type { FitResult } from '../training/history.ts';
import {
  deserializeClassifier,
  deserializeModel,
  serializeClassifier,
  serializeModel,
} from '../training/model-file.ts';
import type { FitOptions } from '../training/options.ts';
import { type Answer, type Port, type Request, send, toFailure } from './protocol.ts';

/** Steps of small models take microseconds: a page can show so many of them a second. */
const REPORT_MS = 50;

type Train = Request & { readonly rhohat: 'train' };

/** Of a run under way. */
interface Running {
  readonly cancel: AbortController;
  /** Called with how the page saved a checkpoint. */
  saved: (error: string | null) => void;
}

/**
 * Serves `trainInWorker` and `trainClassifierInWorker`: the whole of a worker's script is `serve(self)`. Messages of others on
 * the same port are passed over. Runs that are asked for at the same time share the worker.
 */
export function serve(port: Port): void {
  const runs = new Map<number, Running>();

  async function train(request: Train): Promise<void> {
    const { run } = request;
    const running: Running = { cancel: new AbortController(), saved: () => {} };
    runs.set(run, running);
    const { signal } = running.cancel;
    const answer = (message: Answer, transfer?: ArrayBuffer[]) => send(port, message, transfer);
    /** Gives a checkpoint to the page, and waits until it is saved there. */
    const save: CheckpointOptions['save'] = (bytes) =>
      new Promise<void>((resolve, reject) => {
        running.saved = (error) => (error === null ? resolve() : reject(new Error(error)));
        answer({ rhohat: 'checkpoint', run, bytes }, [bytes.buffer as ArrayBuffer]);
      });
    try {
      const { progressEvery = 0, ...options } = request.options;
      const told: FitOptions = {
        ...options,
        onProgress: (progress) => answer({ rhohat: 'progress', run, progress }),
        onEpoch: (entry) => answer({ rhohat: 'epoch', run, entry }),
        progressEvery: Math.max(REPORT_MS, progressEvery),
        signal,
        ...(request.checkpoint ? { checkpoint: { ...request.checkpoint, save } } : {}),
      };
      const { bytes, result } = await trained(request, told);
      answer({ rhohat: 'done', run, model: bytes, result }, [bytes.buffer as ArrayBuffer]);
    } catch (error) {
      answer({ rhohat: 'failed', run, error: toFailure(error) });
    } finally {
      runs.delete(run);
    }
  }

  port.addEventListener('message', (event) => {
    const request = (event as MessageEvent).data as Request | null;
    if (request?.rhohat === 'train') {
      send(port, { rhohat: 'serving' });
      void train(request);
    }
    if (request?.rhohat === 'cancel') runs.get(request.run)?.cancel.abort();
    if (request?.rhohat === 'saved') runs.get(request.run)?.saved(request.error);
  });
  port.addEventListener('close', () => {
    for (const { cancel } of runs.values()) cancel.abort(); // nobody hears of them any more
  });
  port.start?.();
}

/** Trains what is asked for. */
async function trained(
  { job, x, kernels }: Train,
  options: FitOptions,
): Promise<{ bytes: Uint8Array; result: FitResult }> {
  if (job.kind === 'autoencoder') {
    const { config } = job;
    const model = isBytes(config)
      ? (await deserializeModel(config, kernels)).model
      : await Autoencoder.create(config as AutoencoderConfig, kernels);
    try {
      const result = await fit(model, x, options);
      return { bytes: await serializeModel(model), result };
    } finally {
      model.dispose();
    }
  }
  const { config, labels, validationLabels = [] } = job;
  const { validation, ...rest } = options;
  const held = validation && { validation: { x: validation as View<AnyNumbers>, labels: validationLabels } };
  const classifier = isBytes(config)
    ? (await deserializeClassifier(config, kernels)).classifier
    : await Classifier.create(config as ClassifierConfig, kernels);
  try {
    const result = await fitClassifier(classifier, x, labels, { ...rest, ...held });
    return { bytes: await serializeClassifier(classifier), result };
  } finally {
    classifier.dispose();
  }
}

function isBytes(config: unknown): config is Uint8Array {
  return config instanceof Uint8Array;
}
