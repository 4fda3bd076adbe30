// A page's side of training, and its worker's. Never run.
import { Autoencoder, type AutoencoderConfig, fromRows, serializeModel } from 'rhohat';
import { encodePng, featureTiles } from 'rhohat/figures';
import { type Port, serve, trainInWorker } from 'rhohat/worker';

const config: AutoencoderConfig = { inputs: 2, hidden: 1 };

export async function train(signal: AbortSignal): Promise<number> {
  const worker = new Worker(new URL('worker.js', 'https://example.org'), { type: 'module' });
  const { model, result } = await trainInWorker(worker, config, fromRows([[0.1, 0.2]]), {
    epochs: 2,
    engine: { deterministic: true },
    signal,
    onProgress: ({ step }) => step.toFixed(),
  });
  model.dispose();
  return result.cost;
}

/** The whole script of a worker, and what takes bytes. */
export async function scripts(): Promise<Blob> {
  serve(self);
  const model = await Autoencoder.create(config);
  const bytes = await serializeModel(model);
  await crypto.subtle.digest('SHA-256', bytes);
  await fetch('https://example.org', { method: 'PUT', body: bytes });
  return new Blob([bytes, encodePng(featureTiles(fromRows([[1]]), { width: 1, height: 1, channels: 1 }))]);
}

export const serveOn = (scope: Port, { port1 }: MessageChannel): void => {
  serve(scope);
  serve(port1);
};
