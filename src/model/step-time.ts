import { matrix, vectorView } from '../array/matrix.ts';
import { median } from '../array/quantile.ts';
import { fillUniform, stream } from '../array/random.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { evaluate } from './evaluate.ts';
import { Loader } from './load.ts';
import { Network } from './network.ts';
import { createLayout } from './parameters.ts';
import type { NetworkSpec } from './spec.ts';
import { State } from './state.ts';

/** Milliseconds: of steps before the clock counts, in which threads start and shaders compile. */
const WARM = 150;
/** Of those that count. */
const COUNTED = 300;
/** Of those that count, where they are slow. */
const PATIENCE = 4000;
const FEWEST = 3;
const MOST = 25;
/** Rows that are drawn; larger batches repeat them. */
const DRAWN = 256;
/** Weights that are drawn; more repeat them: a prime, so that no two rows are alike. */
const WEIGHTS = 65_521;

/** Which step is timed. */
export interface TimedStep {
  readonly batchSize: number;
  readonly seed: number;
  /** Milliseconds of a step after which no other is asked for. */
  readonly hopeless?: number | undefined;
}

/**
 * Milliseconds of a step, the median of a few: batch, cost, gradient and an update by Adam with η = 0, over examples drawn from the
 * seed. What it allocates is given back.
 */
export async function stepTime(
  kernels: Kernels,
  spec: NetworkSpec,
  { batchSize, seed, hopeless = Number.POSITIVE_INFINITY }: TimedStep,
): Promise<number> {
  const storage = kernels.fork();
  try {
    const layout = createLayout(spec.parameters);
    const [theta, before, first, second] = Array.from({ length: 4 }, () => vectorView(storage.allocate(layout.length)));
    const scale = 1 / Math.sqrt(spec.inputs);
    const weights = new Float32Array(Math.min(WEIGHTS, layout.length));
    fillUniform(weights, { seed, stream: stream.timing }, -scale, scale);
    for (let p = 0; p < layout.length; p += WEIGHTS) {
      const piece = weights.subarray(0, Math.min(WEIGHTS, layout.length - p));
      kernels.write(vectorView(theta.data, piece.length, p), piece);
    }
    const network = new Network(kernels, spec, layout, theta.data, new State(kernels, spec.state, storage).views);
    const loader = new Loader(network);
    const count = Math.min(DRAWN, batchSize);
    const draw = { seed, stream: stream.timing, counter: 1 };
    const x = matrix(fillUniform(new Float32Array(count * spec.inputs), draw), count, spec.inputs);
    const width = network.units(spec.layers.length - 1);
    const targets =
      spec.dataTerm === 'classification'
        ? oneHot(count, width)
        : spec.targets === 'apart'
          ? matrix(fillUniform(new Float32Array(count * width), { ...draw, counter: 2 }), count, width)
          : undefined;
    const rows = Uint32Array.from({ length: batchSize }, (_, i) => i % count);
    const adam = { learningRate: 0, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
    let t = 0;
    const step = async () => {
      await evaluate(network, loader.load(x, rows, 0, targets));
      kernels.adamStep(theta, before, first, second, network.gradient, { ...adam, step: ++t });
    };
    try {
      return await timed(step, hopeless);
    } finally {
      network.dispose();
    }
  } finally {
    storage.dispose();
  }
}

async function timed(step: () => Promise<void>, hopeless: number): Promise<number> {
  const begin = performance.now();
  while (performance.now() - begin < WARM) await step();
  const times: number[] = [];
  let spent = 0;
  while (times.length < FEWEST ? spent < PATIENCE : times.length < MOST && spent < COUNTED) {
    const before = performance.now();
    await step();
    times.push(performance.now() - before);
    spent += times[times.length - 1];
    if (times[times.length - 1] > hopeless) break;
  }
  return median(Float64Array.from(times));
}

function oneHot(rows: number, classes: number) {
  const labels = matrix(new Uint8Array(rows * classes), rows, classes);
  for (let i = 0; i < rows; i++) labels.set(i, i % classes, 1);
  return labels;
}
