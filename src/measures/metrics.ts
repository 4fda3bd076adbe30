import { assertObject } from '../array/argument-check.ts';
import { type AnyNumbers, rowRange, type TypedNumbers, type View } from '../array/matrix.ts';
import type { MatrixLike } from '../array/view-check.ts';
import { InputError } from '../errors.ts';
import type { Autoencoder } from '../model/autoencoder.ts';
import type { Group } from '../model/group.ts';
import { assertModel } from '../model/model-check.ts';
import { type CodeUse, CodeUseCounter } from './code-use.ts';
import { type KnownFeatures, knownFeatures } from './known-features.ts';
import { MeanActivations } from './mean-activations.ts';
import { meanRow } from './mean-row.ts';
import { type Observer, observe } from './observe.ts';
import type { Probed, Wanted } from './probe.ts';
import { type Reconstruction, ReconstructionCounter } from './reconstruction.ts';
import type { Recovery } from './recovery.ts';
import { CHUNK, rowReader } from './row-chunks.ts';
import type { Tally } from './tally.ts';
import { assertRows, type FeaturesLike, matrixOf } from './true-features.ts';
import { UnitRange } from './unit-range.ts';

/** What `measure` compares with. */
export interface MeasureOptions {
  /** (m, outputs): what the outputs are compared with; default x. */
  readonly target?: MatrixLike | undefined;
  /** What the data were made of, where that is known: adds `recovery`. Of models with one hidden layer. */
  readonly features?: FeaturesLike | undefined;
  /**
   * Processes that all hold the model, x and the rest, and share the work: each takes some of the examples, and all get the result,
   * which has the bits of one process.
   */
  readonly group?: Group | undefined;
}

/** How well a model reconstructs y, which is x or the target that is given, and how its units are used. */
export interface Metrics extends Reconstruction, CodeUse {
  /** (1/m) Σₖ L(yₖ, ŷₖ): ½‖ŷ − y‖² or cross-entropy, summed over coordinates, mean over examples. */
  readonly reconstructionError: number;
  /** (1/m) Σₖ ‖ŷₖ − yₖ‖²: without ½, summed over coordinates, mean over examples. */
  readonly squaredError: number;
  /** Σ‖ŷ − y‖² / Σ‖y − ȳ‖², ȳ the mean example: 0 is perfect, 1 no better than the mean. NaN if y is constant. */
  readonly varianceUnexplained: number;
  /** ρ̂ⱼ of every code unit: its mean activation over the m examples, (a + 1)/2 for tanh. */
  readonly meanActivations: Float64Array;
  /**
   * Units that no example moves: rate at most 0.01 everywhere (sigmoid, tanh), 0 everywhere (others, k-sparse ones), where
   * it is the same as `neverFire`.
   */
  readonly deadUnits: number[];
  /** Units that are always on: rate at least 0.99 everywhere. Only sigmoid and tanh units can be. */
  readonly saturatedUnits: number[];
  /** How far decoder rows are the true features; only where `features` are given. */
  readonly recovery?: Recovery | undefined;
}

/** See `measure` of the package. */
export async function measure(model: Autoencoder, given: MatrixLike, options: MeasureOptions = {}): Promise<Metrics> {
  assertModel(model, 'Autoencoder');
  const x = model.input(given, 'x');
  const counter = await MetricsCounter.begin(model, x, options);
  const [check] = await observe(model, x, [counter], options.group);
  check();
  return counter.result();
}

/** Gathers `Metrics` while examples go through a model. */
export class MetricsCounter implements Observer {
  readonly wants: Wanted;
  private readonly model: Autoencoder;
  private readonly m: number;
  private readonly mean: MeanActivations;
  private readonly range: UnitRange;
  private readonly use: CodeUseCounter;
  private readonly reconstruction: ReconstructionCounter;
  private readonly known: KnownFeatures | undefined;
  /** Of targets that are not the examples themselves. */
  private readonly targets: ((begin: number, end: number) => View<TypedNumbers>) | null;
  private readonly sums = { squaredError: 0, loss: 0 };

  private constructor(model: Autoencoder, x: View<AnyNumbers>, y: View<AnyNumbers>, known: KnownFeatures | undefined) {
    const { precision, hidden, loss } = model.config;
    const { code, layers } = model.engine.spec;
    const units = hidden[code];
    this.model = model;
    this.m = x.shape[0];
    // Squared error is known already; cross-entropy needs the logits.
    this.wants = { outputs: true, loss: loss !== 'squared-error' };
    this.mean = new MeanActivations(layers[code], units, this.m);
    this.range = new UnitRange(layers[code], units);
    this.use = new CodeUseCounter(units);
    this.reconstruction = new ReconstructionCounter(meanRow(y, precision));
    this.known = known;
    this.targets = y === x ? null : rowReader(y, precision);
  }

  /** For examples x, which fit the model. @throws InputError where a target or features do not. */
  static async begin(model: Autoencoder, x: View<AnyNumbers>, options: MeasureOptions): Promise<MetricsCounter> {
    const y = targetOf(model, x, options);
    const known = options.features && (await knownFeatures(model, x, y.shape[1], options.features));
    return new MetricsCounter(model, x, y, known);
  }

  get tallies(): readonly Tally[] {
    const { sums, mean, range, use, reconstruction, known } = this;
    const own = [mean, range, use, reconstruction].map(({ tally }): Tally => tally);
    return [sums, ...own, ...(known?.tallies ?? [])];
  }

  see(probed: Probed): void {
    const { code, x, examples, loss, begin: first } = probed;
    this.mean.add(code);
    this.range.add(code);
    this.use.add(code);
    this.known?.add(code, first);
    this.sums.loss += loss;
    const outputs = probed.outputs();
    // In pieces that do not depend on how many examples come at a time: each is summed by itself.
    for (let begin = 0; begin < examples; begin += CHUNK) {
      const end = Math.min(begin + CHUNK, examples);
      const target = this.targets === null ? rowRange(x, begin, end) : this.targets(first + begin, first + end);
      this.sums.squaredError += this.reconstruction.add(target, rowRange(outputs, begin, end));
    }
  }

  /** @throws InputError where a sum overflows. */
  result(): Metrics {
    const { model, m, reconstruction, range, known } = this;
    const { squaredError, loss } = this.sums;
    const { engine } = model;
    const total = reconstruction.totalVariation;
    engine.assertFinite(squaredError, 'the squared error');
    if (!Number.isNaN(total)) engine.assertFinite(total, 'the variance of the examples');
    const mean = this.wants.loss ? loss / m : squaredError / (2 * m);
    if (this.wants.loss) engine.assertFinite(mean, `the ${engine.spec.dataTerm} error`);
    return {
      reconstructionError: mean,
      squaredError: squaredError / m,
      varianceUnexplained: squaredError / total,
      meanActivations: this.mean.result(),
      deadUnits: range.dead(),
      saturatedUnits: range.saturated(),
      ...reconstruction.result(),
      ...this.use.result(),
      ...(known === undefined ? {} : { recovery: known.result() }),
    };
  }
}

/** What outputs are compared with. @throws InputError where it does not fit them. */
function targetOf(model: Autoencoder, x: View<AnyNumbers>, options: MeasureOptions): View<AnyNumbers> {
  assertObject(options, 'options', '{ target, features }');
  const { layers } = model.engine.spec;
  const [, outputs] = model.engine.parameter(layers[layers.length - 1].weight).shape;
  if (options.target === undefined) {
    if (outputs === x.shape[1]) return x;
    throw new InputError(
      `options.target is missing: the model has ${x.shape[1]} inputs and ${outputs} outputs, which x is no target for`,
    );
  }
  const target = matrixOf(options.target, 'options.target', outputs);
  assertRows(target, 'options.target', x, 'x');
  if (model.config.loss === 'squared-error') return target;
  throw new InputError(
    `options.target is given to a model with loss "${model.config.loss}", which compares its outputs with x: leave it out`,
  );
}
