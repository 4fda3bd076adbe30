// A page's side of training, and its worker's. Never run.
import { type AutoencoderConfig, fromRows } from 'rhohat';
import { type Port, serve, trainInWorker } from 'rhohat/worker';

const config: AutoencoderConfig = { inputs: 2, hidden: 1 };

export async function train(signal: AbortSignal): Promise<number> {
  const worker = new Worker(new URL('worker.js', 'https://example.org'), { type: 'module' });
  const { model, result } = await trainInWorker(worker, config, fromRows([[0.1, 0.2]]), {
    epochs: 2,
    kernels: { deterministic: true },
    signal,
    onProgress: ({ step }) => step.toFixed(),
  });
  model.dispose();
  return result.cost;
}

export const serveOn = (scope: Port, { port1 }: MessageChannel): void => {
  serve(scope);
  serve(port1);
};
