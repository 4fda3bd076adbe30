import { Autoencoder } from '../model/autoencoder.ts';
import { fit } from '../training/fit.ts';
import { serializeModel } from '../training/model-file.ts';
import type { Progress } from '../training/progress.ts';
import { type Answer, type Port, type Request, toFailure } from './protocol.ts';

/** Steps of small models take microseconds: a page can show so many of them a second. */
const REPORT_MS = 50;

/**
 * Serves `trainInWorker`: the whole of a worker's script is `serve(self)`. Messages of others on the same port are passed
 * over. Runs that are asked for at the same time share the worker.
 */
export function serve(port: Port): void {
  const cancels = new Map<number, AbortController>();
  const answer = (message: Answer, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);

  async function train({ run, config, x, options, kernels }: Request & { rhohat: 'train' }): Promise<void> {
    const cancel = new AbortController();
    cancels.set(run, cancel);
    let reported = Number.NEGATIVE_INFINITY;
    const onProgress = (progress: Progress) => {
      const now = performance.now();
      if (now - reported < REPORT_MS && progress.step < progress.steps) return;
      reported = now;
      answer({ rhohat: 'progress', run, progress });
    };
    let model: Autoencoder | undefined;
    try {
      model = await Autoencoder.create(config, kernels);
      const result = await fit(model, x, { ...options, onProgress, signal: cancel.signal });
      const bytes = await serializeModel(model);
      answer({ rhohat: 'done', run, model: bytes, result }, [bytes.buffer as ArrayBuffer]);
    } catch (error) {
      answer({ rhohat: 'failed', run, error: toFailure(error) });
    } finally {
      model?.dispose();
      cancels.delete(run);
    }
  }

  port.addEventListener('message', (event) => {
    const request = (event as MessageEvent).data as Request | null;
    if (request?.rhohat === 'train') {
      answer({ rhohat: 'serving' });
      void train(request);
    }
    if (request?.rhohat === 'cancel') cancels.get(request.run)?.abort();
  });
  port.start?.();
}
