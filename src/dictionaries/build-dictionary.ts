import type { NumberBlock } from '../array/number-block.ts';
import { blocksOf, type StoredNumbers, valuesOf } from '../data/formats/stored-numbers.ts';
import { InputError, show } from '../errors.ts';
import { Autoencoder } from '../model/autoencoder.ts';
import { autoencoderSpec } from '../model/autoencoder-spec.ts';
import { overKernels } from '../model/choose-kernels.ts';
import { type AutoencoderConfig, parseConfig } from '../model/config.ts';
import { fillParameter } from '../model/fill-parameter.ts';
import type { CreateOptions } from '../model/kernel-options.ts';
import type { DictionaryPlan, NamedNumbers } from './plan.ts';
import { orient, type Sizes } from './sizes.ts';

/** What is made of a plan. */
export interface Built {
  readonly model: Autoencoder;
  readonly sizes: Sizes;
  readonly notes: readonly string[];
}

/**
 * The model of a plan: its weights go from the file into θ a part at a time, folded on the way. Throws InputError where tensors
 * contradict one another, or hold what is not finite. Memory beside θ: 2 MiB, and vectors of the units.
 */
export async function buildDictionary(plan: DictionaryPlan, options: CreateOptions): Promise<Built> {
  const { encoder, decoder, skip, sizes, notes } = orient(plan);
  const { inputs, latents, outputs } = sizes;
  const factor = plan.foldNorms
    ? await rowNorms(decoder, latents, named(plan.decoder.name))
    : new Float64Array(latents).fill(1);
  const times = plan.decoderScale === undefined ? null : await vectorOf(plan.decoderScale);
  const { inputs: scaleIn, outputs: scaleOut } = plan.scale ?? { inputs: 1, outputs: 1 };
  const isTranscoder = inputs !== outputs || plan.skip !== undefined;
  const center = plan.preBias && !plan.transcoder && !isTranscoder;
  if (plan.preBias && !center) {
    throw new InputError(
      'its decoder bias is said to be taken off inputs, and it is a transcoder, whose outputs lie elsewhere: say preBias: false',
    );
  }
  const config = parseConfig({
    inputs,
    hidden: latents,
    activation: 'relu',
    output: 'linear',
    tied: false,
    center,
    sparsity: plan.sparsity,
    ...(outputs === inputs ? {} : { targets: outputs }),
    ...(plan.skip === undefined ? {} : { skip: true }),
  } satisfies AutoencoderConfig);
  const model = await overKernels({ ...config, spec: () => autoencoderSpec(config) }, options, (kernels, why) =>
    Autoencoder.over(kernels, config, options, true, why),
  );
  try {
    const { engine } = model;
    engine.fresh = false;
    const fill = (name: string, blocks: AsyncIterable<NumberBlock>, from: string) =>
      fillParameter(engine, name, blocks, `tensor ${show(from)}, which becomes ${name},`);
    const put = (name: string, { name: from }: NamedNumbers, values: Float64Array) =>
      fill(name, oneBlock(values), from);
    const latentVector = async (name: string, given: NamedNumbers) =>
      put(
        name,
        given,
        (await vectorOf(given)).map((value, j) => value * factor[j]),
      );

    await fill(
      'encoder.weight',
      rowsTimes(encoder, plan.encoder.name, (j) => factor[j] * scaleIn),
      plan.encoder.name,
    );
    const decoderFactor = (j: number) => (times?.[j] ?? 1) / (factor[j] * scaleOut);
    await fill('decoder.weight', rowsTimes(decoder, plan.decoder.name, decoderFactor), plan.decoder.name);
    if (plan.encoderBias) await latentVector('encoder.bias', plan.encoderBias);
    if (plan.decoderBias) {
      const values = await vectorOf(plan.decoderBias);
      await put(
        'decoder.bias',
        plan.decoderBias,
        values.map((value) => value / scaleOut),
      );
    }
    if (plan.gate) {
      await latentVector('encoder.gate.bias', plan.gate.bias);
      await latentVector('encoder.magnitude.bias', plan.gate.magnitudeBias);
      await put('encoder.magnitude.scale', plan.gate.scale, await vectorOf(plan.gate.scale));
    }
    if (plan.threshold) {
      const { of, log = false, times: by = 1 } = plan.threshold;
      const said = typeof of === 'number' ? new Float64Array(latents).fill(of) : await vectorOf(of);
      const theta = said.map((value) => (log ? Math.exp(value) : value) * by);
      await put('encoder.threshold', typeof of === 'number' ? { name: 'threshold', numbers: encoder } : of, theta);
    }
    // It takes inputs as they are: only the encoder sees them scaled.
    if (skip !== null && plan.skip)
      await fill(
        'skip.weight',
        rowsTimes(skip, plan.skip.name, () => 1 / scaleOut),
        plan.skip.name,
      );
  } catch (error) {
    model.dispose();
    throw error;
  }
  return { model, sizes, notes };
}

const named = (name: string) => `tensor ${show(name)}`;

function vectorOf({ name, numbers }: NamedNumbers): Promise<Float64Array> {
  return valuesOf(numbers, named(name));
}

async function* oneBlock(values: Float64Array): AsyncGenerator<NumberBlock> {
  yield { values, row: 0, column: 0, rows: values.length, columns: 1, byColumn: false };
}

/** The blocks of a matrix with row j multiplied by factor(j), in float64 and rounded once. */
async function* rowsTimes(
  stored: StoredNumbers,
  name: string,
  factor: (j: number) => number,
): AsyncGenerator<NumberBlock> {
  const factors = Float64Array.from({ length: stored.shape[0] }, (_, j) => factor(j));
  const isOne = factors.every((value) => value === 1);
  for await (const block of blocksOf(stored, named(name))) {
    if (isOne) {
      yield block;
      continue;
    }
    const values = block.values instanceof Float32Array ? block.values : Float64Array.from(block.values);
    const { row, rows, columns, byColumn } = block;
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) values[byColumn ? j * rows + i : i * columns + j] *= factors[row + i];
    }
    yield { ...block, values };
  }
}

/** ‖Dⱼ‖ of every row. @throws InputError where one is 0: nothing can be divided by it. */
async function rowNorms(stored: StoredNumbers, latents: number, what: string): Promise<Float64Array> {
  const squares = new Float64Array(latents);
  for await (const { values, row, rows, columns, byColumn } of blocksOf(stored, what)) {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) squares[row + i] += values[byColumn ? j * rows + i : i * columns + j] ** 2;
    }
  }
  const dead = squares.findIndex((value) => !(value > 0 && value < Infinity));
  if (dead >= 0)
    throw new InputError(
      `${what} has a row ${dead} of norm ${Math.sqrt(squares[dead])}: its units are to be multiplied by their norms, which must be above 0`,
    );
  return squares.map(Math.sqrt);
}
