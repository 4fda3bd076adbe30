import { useEffect, useRef, useState } from 'react';
import type { AutoencoderConfig, Matrix, MatrixLike, Progress } from 'rhohat';
import { featureTiles, type Picture } from 'rhohat/figures';
import { trainInWorker, type WorkerTrainingOptions } from 'rhohat/worker';

interface Props {
  /** (m, side²), a grey image a row. */
  readonly x: MatrixLike;
  readonly config: AutoencoderConfig;
  readonly options: Pick<WorkerTrainingOptions, 'optimizer' | 'epochs' | 'batchSize'>;
  /** Of an image, in pixels. */
  readonly side: number;
  /** From weights to what is shown, such as whitening undone. */
  readonly filters: (weights: Matrix) => Matrix;
}

/**
 * Trains in a worker of its own while it is mounted, and shows what each unit looks for. A prop that is another object than
 * before starts anew: keep them outside of the component, or in useMemo.
 */
export function Features({ x, config, options, side, filters }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [error, setError] = useState('');

  useEffect(() => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    const cancel = new AbortController();
    setProgress(null);
    setError('');
    trainInWorker(worker, config, x, {
      ...options,
      signal: cancel.signal,
      onProgress: setProgress,
      snapshot: {
        every: 1, // a step; those that come while the page is drawing are left out
        parameters: ['encoder.weight'],
        take({ parameters }) {
          const tile = { height: side, width: side, channels: 1, scale: 1, gap: 1 };
          show(canvas.current, featureTiles(filters(parameters['encoder.weight']), tile), side);
          return new Promise(requestAnimationFrame); // the next one comes once this one has been seen
        },
      },
    })
      .then(({ model }) => model.dispose()) // or keep it: it encodes in the page
      .catch((reason) => {
        if (reason !== cancel.signal.reason) setError(String(reason));
      })
      .finally(() => worker.terminate());
    // StrictMode mounts twice: the first worker ends here, and nothing of its run arrives any more.
    return () => {
      cancel.abort();
      worker.terminate();
    };
  }, [x, config, options, side, filters]);

  const { step = 0, steps = 1, cost = 0 } = progress ?? {};
  const said = progress ? `Step ${step} of ${steps}, cost ${cost.toFixed(3)}` : 'Starting';
  return (
    <figure>
      <progress value={step / steps} aria-label="training" />
      <figcaption>{error || said}</figcaption>
      <canvas ref={canvas} role="img" aria-label="what each unit looks for" />
    </figure>
  );
}

/** Shows a grey picture of tiles with nothing between them, a pixel a number: the style sheet enlarges the canvas. */
function show(canvas: HTMLCanvasElement | null, { width, height, data }: Picture, side: number) {
  if (canvas === null) return;
  const pixels = new ImageData(width, height);
  for (let p = 0; p < data.length; p++) {
    const between = (p % width) % (side + 1) === 0 || Math.floor(p / width) % (side + 1) === 0;
    pixels.data.fill(data[p], 4 * p, 4 * p + 3);
    pixels.data[4 * p + 3] = between ? 0 : 255;
  }
  canvas.width = width - 2; // without the border around
  canvas.height = height - 2;
  canvas.getContext('2d')?.putImageData(pixels, -1, -1);
}
