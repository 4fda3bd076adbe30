import type { AnyNumbers, View } from '../array/matrix.ts';
import { EngineError, InputError, show } from '../errors.ts';
import type { KernelOptions } from '../kernels/kernels.ts';
import type { Autoencoder } from '../model/autoencoder.ts';
import type { AutoencoderConfig } from '../model/config.ts';
import type { FitResult } from '../training/history.ts';
import { deserializeModel } from '../training/model-file.ts';
import type { Progress } from '../training/progress.ts';
import { type Answer, type Port, type Request, toError, toMessage, type WorkerFitOptions } from './protocol.ts';

/** As of `fit`, less what a worker cannot do: validation is done there, checkpoints are not. */
export interface WorkerTrainingOptions extends WorkerFitOptions {
  /** How kernels run, in the worker and in the model that comes back: threads, deterministic. */
  readonly kernels?: KernelOptions;
  /** Called at most about twenty times a second, and after the last step. Where it throws or rejects, the run ends with that. */
  readonly onProgress?: (progress: Progress) => unknown;
  /**
   * Aborting ends training after the present step: the promise rejects with the signal's reason, the worker lives on. One
   * that does not answer is waited for as long as `startWithin` says.
   */
  readonly signal?: AbortSignal;
  /** Seconds until the worker must have said something, at most 2²¹; otherwise the run rejects. Default 30. */
  readonly startWithin?: number;
}

/**
 * Trains a model in a worker that runs `serve`, so that the page stays free. Examples are copied to the worker, or shared
 * where they lie in a SharedArrayBuffer; the trained model comes back as one of this thread.
 * @throws what `Autoencoder.create` and `fit` throw; EngineError when the worker itself fails: its script does not load,
 *   or never calls `serve`.
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
  const { kernels = {}, onProgress, signal, startWithin = 30, ...rest } = options;
  const [run] = crypto.getRandomValues(new Uint32Array(1)); // a name for this run alone: no count is kept between runs
  const ask = (request: Request) => worker.postMessage(request, []);
  return new Promise((resolve, reject) => {
    if (!(Number.isFinite(startWithin) && startWithin > 0 && startWithin <= 2 ** 21)) {
      throw new InputError(
        `options.startWithin is ${show(startWithin)}: it must be a number of seconds, above 0 and at most 2^21, such as 30`,
      );
    }
    const onAbort = () => {
      ask({ rhohat: 'cancel', run });
      heard();
      heard = after(1000 * startWithin, onSilence);
    };
    const end = () => {
      worker.removeEventListener('message', onMessage);
      worker.removeEventListener('error', onError);
      signal?.removeEventListener('abort', onAbort);
      heard();
    };
    const onMessage = (event: Event) => {
      const answer = (event as MessageEvent).data as Answer | null;
      if (answer?.rhohat !== undefined && !signal?.aborted) heard(); // to whichever run: it serves
      if (answer?.run !== run) return;
      if (answer.rhohat === 'progress') {
        (async () => onProgress?.(answer.progress))().catch((error) => {
          end();
          ask({ rhohat: 'cancel', run });
          reject(error);
        });
        return;
      }
      end();
      if (answer.rhohat === 'failed') reject(signal?.aborted ? signal.reason : toError(answer.error));
      else resolve(deserializeModel(answer.model, kernels).then(({ model }) => ({ model, result: answer.result })));
    };
    const onError = (event: Event) => {
      end();
      const { message, filename } = event as Partial<ErrorEvent>;
      const at = filename ? ` (${filename})` : '';
      reject(new EngineError(`the worker failed: ${message || 'its script did not load: check its URL'}${at}`));
    };
    const onSilence = () => {
      end();
      ask({ rhohat: 'cancel', run }); // in case that it begins later; it lives on, as it may be at another run
      const silent = new EngineError(
        `the worker did not answer within ${startWithin} s: its script must call serve(self) of rhohat/worker; add that, or raise startWithin where it takes longer to load, or to end a step of another run`,
      );
      reject(signal?.aborted ? signal.reason : silent);
    };
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    worker.addEventListener('message', onMessage);
    worker.addEventListener('error', onError);
    worker.start?.();
    let heard = after(1000 * startWithin, onSilence);
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

/**
 * Calls `late` after so many milliseconds, unless the function that it gives is called before. In two halves: a page that
 * was busy for all of the time finds the timer ended before it sees the message that came meanwhile.
 */
function after(milliseconds: number, late: () => void): () => void {
  let timer = setTimeout(() => {
    timer = setTimeout(late, milliseconds / 2);
  }, milliseconds / 2);
  return () => clearTimeout(timer);
}
