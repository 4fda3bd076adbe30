import type { MatrixLike } from '../array/view-check.ts';
import type { Autoencoder } from '../model/autoencoder.ts';
import type { Engine } from '../model/engine.ts';
import { assertModel } from '../model/model-check.ts';
import { type Histogram, HistogramCounter } from './histogram.ts';
import { JacobianCounter, type JacobianNorm } from './jacobian-norm.ts';
import type { MeasureOptions } from './metrics.ts';
import { type Observer, observe } from './observe.ts';
import type { Probed, Wanted } from './probe.ts';
import { responseOf } from './responses.ts';
import { type Saturation, SaturationCounter } from './saturation.ts';
import { SparsityCounter, type SparsityStatistics } from './sparsity-statistics.ts';
import type { Tally } from './tally.ts';
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
export async function inspect(
  model: Autoencoder,
  given: MatrixLike,
  { group }: Pick<MeasureOptions, 'group'> = {},
): Promise<Inspection> {
  assertModel(model, 'Autoencoder');
  const x = model.input(given, 'x');
  const counter = new InspectionCounter(model);
  try {
    const [check] = await observe(model, x, [counter], group);
    check();
    return counter.result();
  } finally {
    counter.dispose();
  }
}

/** Gathers `Inspection` while examples go through a model. */
export class InspectionCounter implements Observer {
  readonly wants: Wanted = { outputs: false, loss: false };
  private readonly engine: Engine;
  private readonly units: number;
  private readonly sparsity: SparsityCounter;
  private readonly saturation: SaturationCounter;
  private readonly range: UnitRange;
  private readonly histogram: HistogramCounter;
  private readonly jacobian: JacobianCounter;
  private readonly all = { examples: 0 };

  constructor(model: Autoencoder) {
    const { engine, config } = model; // declarations show parameters, and have no `engine`
    const { code, layers } = engine.spec;
    this.engine = engine;
    this.units = config.hidden[code];
    const response = responseOf(layers[code]);
    const { rate } = response;
    this.sparsity = new SparsityCounter(response, this.units);
    this.saturation = new SaturationCounter(response);
    this.range = new UnitRange(layers[code], this.units);
    this.histogram = new HistogramCounter(rate && [-rate.shift / rate.scale, (1 - rate.shift) / rate.scale]);
    this.jacobian = new JacobianCounter(engine.kernels, layers[0], engine.parameter(layers[0].weight));
  }

  get tallies(): readonly Tally[] {
    const { sparsity, saturation, range, histogram, jacobian, all } = this;
    return [all, ...[sparsity, saturation, range, histogram, jacobian].map(({ tally }): Tally => tally)];
  }

  async see({ code, first, examples }: Probed): Promise<void> {
    this.histogram.add(code); // refuses what is not finite before others sum it
    this.sparsity.add(code);
    this.saturation.add(code);
    this.range.add(code);
    await this.jacobian.add(first);
    this.all.examples += examples;
  }

  /** @throws InputError where a sum of squares overflows. */
  result(): Inspection {
    const { engine, units } = this;
    const { examples } = this.all;
    const statistics = this.sparsity.result();
    const norm = this.jacobian.result();
    engine.assertFinite(norm.meanSquare, 'the squared norm of the Jacobian');
    for (const value of [statistics.populationSparsity, ...statistics.lifetimeSparsityOfUnits]) {
      engine.assertFinite(value ?? 0, 'a sum of squared activations');
    }
    return {
      examples,
      units,
      ...statistics,
      saturation: this.saturation.result(),
      jacobian: norm,
      deadUnits: this.range.dead(),
      histogram: this.histogram.result(),
    };
  }

  /** Gives its storage back. */
  dispose(): void {
    this.jacobian.dispose();
  }
}
