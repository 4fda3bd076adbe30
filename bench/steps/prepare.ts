import type { Numbers } from '../../src/array/matrix.ts';
import { fit } from '../../src/index.ts';
import { firstCosts, STEPS, startingModel } from '../dictionary/costs.ts';
import * as dictionary from '../dictionary/settings.ts';
import { assertProduct, naiveProduct } from '../gemm/check.ts';
import { operands, type Product, type Shape } from '../gemm/operands.ts';
import { peakSubjects } from '../gemm/peak.ts';
import { ours } from '../gemm/subjects.ts';
import type { Called } from '../harness/measure.ts';
import { ourStep } from '../step/ours.ts';
import { dataOf } from '../step/settings.ts';
import { benchKernels, nameOf } from '../subjects.ts';
import type { Row } from './rows.ts';

/** Something to time in this process, run once, and what that gave. */
export interface Prepared {
  readonly subject: Called;
  readonly results: Readonly<Record<string, Numbers>>;
  /** Milliseconds of a step when it was run first, where that says what calls will take; else 0. */
  readonly first: number;
  /** Of the kernels, which choose their tile while they run. */
  name(): string;
  end(): unknown;
}

/** The steps of a row, of a model that has taken the first ones. */
export async function prepareStep(message: Readonly<Record<string, unknown>>, threads: number): Promise<Prepared> {
  const row = message.row as Row;
  if (row.kind === 'step') {
    const { setting } = row;
    const { model, subject, outcome } = await ourStep(setting, dataOf(setting), { threads });
    const results = { costs: Float64Array.from(outcome.costs), theta: Float64Array.from(outcome.theta) };
    return { subject, results, first: 0, name: () => nameOf(model.engine.kernels), end: () => model.dispose() };
  }
  const { setting } = row;
  const [x, model] = [dictionary.dataOf(setting), await startingModel(setting, threads)];
  const begin = performance.now();
  const costs = Float64Array.from(await firstCosts(model, x, setting));
  const first = (performance.now() - begin) / STEPS;
  const run = () => fit(model, x, dictionary.fitOptions(setting, 1));
  return {
    subject: { name: row.name, units: setting.batches, isAsync: true, run },
    results: { costs },
    first,
    name: () => nameOf(model.engine.kernels),
    end: () => model.dispose(),
  };
}

/** A product on one thread, checked here. */
export async function prepareProduct(message: Readonly<Record<string, unknown>>): Promise<Prepared> {
  const [shape, product] = [message.shape as Shape, message.product as Product];
  const values = operands(shape, product);
  const kernels = benchKernels('float32', { threads: 1 });
  const { subject, result } = ours(kernels, values, shape);
  if (!('run' in subject)) throw new Error('our product is called from here');
  await subject.run();
  const naive = naiveProduct(values.plain.a, values.plain.b, ...shape);
  assertProduct(`${product} ${shape.join('×')}`, await result(), naive, 'float32', shape[2]);
  return { subject, results: {}, first: 0, name: () => nameOf(kernels), end: () => kernels.dispose() };
}

/** One of the loops over registers; where this engine lacks it, the first. */
export async function preparePeak(message: Readonly<Record<string, unknown>>): Promise<Prepared> {
  const loops = peakSubjects();
  const loop = loops[Number(message.index)] ?? loops[0];
  // One operation is the unit, so that loops of different lengths compare.
  const subject = { ...loop, units: loop.operations };
  return { subject, results: {}, first: 0, name: () => loop.name, end: () => undefined };
}
