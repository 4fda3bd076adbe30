import type { AnyNumbers, View } from '../array/matrix.ts';
import { EngineError } from '../errors.ts';
import type { KernelOptions } from '../kernels/kernels.ts';
import type { Autoencoder } from '../model/autoencoder.ts';
import type { AutoencoderConfig } from '../model/config.ts';
import { deserializeModel } from '../training/model-file.ts';
import type { Progress } from '../training/progress.ts';
import type { FitResult } from '../training/train.ts';
import { type Answer, type Port, type Request, toError, toMessage, type WorkerFitOptions } from './protocol.ts';

/** As of `fit`, less what a worker cannot do: validation is done there, checkpoints are not. */
export interface WorkerTrainingOptions extends WorkerFitOptions {
  /** How kernels run, in the worker and in the model that comes back: threads, deterministic. */
  readonly kernels?: KernelOptions;
  /** Called at most about twenty times a second, and after the last step. */
  readonly onProgress?: (progress: Progress) => void;
  /** Aborting ends training after the present step: the promise rejects with the signal's reason, the worker lives on. */
  readonly signal?: AbortSignal;
}

/**
 * Trains a model in a worker that runs `serve`, so that the page stays free. Examples are copied to the worker, or shared
 * where they lie in a SharedArrayBuffer; the trained model comes back as one of this thread.
 * @throws what `Autoencoder.create` and `fit` throw; EngineError when the worker itself fails, such as one whose script
 *   does not load.
 */
export function trainInWorker(
  worker: Port,
  config: AutoencoderConfig,
  x: View<AnyNumbers>,
  options: WorkerTrainingOptions = {},
): Promise<{
  /** Trained, in this thread. */
  model: Autoencoder;
  /** What `fit` gave in the worker. */
  result: FitResult;
}> {
  const { kernels = {}, onProgress, signal, ...rest } = options;
  const [run] = crypto.getRandomValues(new Uint32Array(1)); // a name for this run alone: no count is kept between runs
  const ask = (request: Request) => worker.postMessage(request, []);
  return new Promise((resolve, reject) => {
    const onAbort = () => ask({ rhohat: 'cancel', run });
    const end = () => {
      worker.removeEventListener('message', onMessage);
      worker.removeEventListener('error', onError);
      signal?.removeEventListener('abort', onAbort);
    };
    const onMessage = (event: Event) => {
      const answer = (event as MessageEvent).data as Answer | null;
      if (answer?.run !== run) return;
      if (answer.rhohat === 'progress') {
        onProgress?.(answer.progress);
        return;
      }
      end();
      if (answer.rhohat === 'failed') reject(signal?.aborted ? signal.reason : toError(answer.error));
      else resolve(deserializeModel(answer.model, kernels).then(({ model }) => ({ model, result: answer.result })));
    };
    const onError = (event: Event) => {
      end();
      const { message } = event as Partial<ErrorEvent>;
      reject(new EngineError(`the worker failed: ${message || 'its script did not load'}`));
    };
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    worker.addEventListener('message', onMessage);
    worker.addEventListener('error', onError);
    worker.start?.();
    signal?.addEventListener('abort', onAbort);
    const { validation } = rest;
    try {
      const plain = { ...rest, ...(validation ? { validation: toMessage(validation) } : {}) };
      ask({ rhohat: 'train', run, config, x: toMessage(x), options: plain, kernels });
    } catch (error) {
      end(); // something that cannot be cloned
      reject(error);
    }
  });
}
