import type { MatrixLike } from '../array/view-check.ts';
import type { Autoencoder } from '../model/autoencoder.ts';
import { assertModel } from '../model/model-check.ts';
import { type Histogram, HistogramCounter } from './histogram.ts';
import { JacobianCounter, type JacobianNorm } from './jacobian-norm.ts';
import { responseOf } from './responses.ts';
import { rowChunks } from './row-chunks.ts';
import { type Saturation, SaturationCounter } from './saturation.ts';
import { SparsityCounter, type SparsityStatistics } from './sparsity-statistics.ts';
import { UnitRange } from './unit-range.ts';

/** What the codes of a model look like; plain JSON. */
export interface Inspection extends SparsityStatistics {
  /** m. */
  readonly examples: number;
  /** h, of the code layer. */
  readonly units: number;
  /** Of sigmoid and tanh units; null for others, and for k-sparse ones. */
  readonly saturation: Saturation | null;
  /** Of the first hidden layer, with respect to the examples. */
  readonly jacobian: JacobianNorm;
  /** Units that no example moves: rate at most 0.01 everywhere (sigmoid, tanh); 0 everywhere (others, k-sparse ones). */
  readonly deadUnits: readonly number[];
  /** Of all activations a of all code units: over [0, 1] for sigmoid, [−1, 1] for tanh, else over what occurs. */
  readonly histogram: Histogram;
}

/**
 * Statistics of the codes, the last hidden layer, of the clean examples x (m, d), as `encode` gives them: k-sparse units
 * keep αk. Examples go through in chunks, so memory does not grow with m.
 * @throws InputError if x does not fit the model, or an activation or a sum of its squares overflows.
 */
export async function inspect(model: Autoencoder, given: MatrixLike): Promise<Inspection> {
  assertModel(model, 'Autoencoder');
  const x = model.input(given, 'x');
  const { engine } = model;
  const { code, layers } = engine.spec;
  const [examples] = x.shape;
  const { hidden } = model.config;
  const units = hidden[code];
  const response = responseOf(layers[code]);
  const sparsity = new SparsityCounter(response, units);
  const saturation = new SaturationCounter(response);
  const range = new UnitRange(layers[code], units);
  const { rate } = response;
  const histogram = new HistogramCounter(rate && [-rate.shift / rate.scale, (1 - rate.shift) / rate.scale]);
  const jacobian = new JacobianCounter(engine.kernels, layers[0], engine.parameter(layers[0].weight));
  try {
    let done = 0;
    for (const rows of rowChunks(x, engine.kernels.precision)) {
      const chunk = rows.shape[0];
      const first = await engine.propagate(rows, 0, 1, 'encoding', done);
      const codes = code === 0 ? first : await engine.propagate(rows, 0, code + 1, 'encoding', done);
      const activity = { a: codes, examples: chunk, units };
      histogram.add(activity); // refuses what is not finite before others sum it
      sparsity.add(activity);
      saturation.add(activity);
      range.add(activity);
      await jacobian.add({ a: first, examples: chunk, units: hidden[0] });
      done += chunk;
    }
  } finally {
    jacobian.dispose();
  }
  const statistics = sparsity.result();
  const norm = jacobian.result();
  engine.assertFinite(norm.meanSquare, 'the squared norm of the Jacobian');
  for (const value of [statistics.populationSparsity, ...statistics.lifetimeSparsityOfUnits]) {
    engine.assertFinite(value ?? 0, 'a sum of squared activations');
  }
  return {
    examples,
    units,
    ...statistics,
    saturation: saturation.result(),
    jacobian: norm,
    deadUnits: range.dead(),
    histogram: histogram.result(),
  };
}
