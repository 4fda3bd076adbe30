import { type AnyNumbers, toFlat, type View, vector } from '../array/matrix.ts';
import { asView, type MatrixLike } from '../array/view-check.ts';
import { InputError } from '../errors.ts';
import { type LayerKindSpec, layerKindNamed } from '../layers/table.ts';
import { Autoencoder } from '../model/autoencoder.ts';
import { parameterName } from '../model/autoencoder-spec.ts';
import { Classifier } from '../model/classifier.ts';
import type { ClassifierConfig } from '../model/classifier-config.ts';
import type { AutoencoderConfig } from '../model/config.ts';
import { activationOf, isTied, sparsitiesOf } from '../model/config.ts';
import type { CreateOptions } from '../model/kernel-options.ts';
import { assertModel } from '../model/model-check.ts';
import { fit } from './fit.ts';
import type { FitResult } from './history.ts';
import type { FitOptions } from './options.ts';

/** One layer of a stack: an autoencoder with a single hidden layer, and how it is trained. */
export interface StackLayer {
  /** `inputs` follows from the layer below; `seed` defaults to 1 + the layer's index, so that no two layers share draws. */
  readonly model: Omit<AutoencoderConfig, 'inputs' | 'hidden'> & {
    /** h, one layer. */
    readonly hidden: number;
  };
  /** Optimizer, epochs, batch size and seed of this layer. */
  readonly fit: Omit<FitOptions, 'validation' | 'onProgress' | 'signal' | 'checkpoint' | 'resume'>;
}

/** What a stack came to. */
export interface FittedStack {
  /** One a layer, from the examples upward. */
  readonly models: Autoencoder[];
  /** What `fit` gave for each. */
  readonly results: FitResult[];
}

/** What is told while a stack is trained, and how its models run. */
export interface StackOptions {
  /** Called after every step, with the index of the layer; as of `fit`, a promise is waited for. */
  readonly onProgress?:
    | ((layer: number, progress: Parameters<NonNullable<FitOptions['onProgress']>>[0]) => unknown)
    | undefined;
  /** Aborting ends training after the present step, as in `fit`. */
  readonly signal?: AbortSignal | undefined;
  /** How every model is to run, and parts of your own for all of them. */
  readonly engine?: CreateOptions | undefined;
}

/** See `fitStack` of the package. */
export async function fitStack(
  x: MatrixLike,
  layers: readonly StackLayer[],
  { onProgress, signal, engine }: StackOptions = {},
): Promise<FittedStack> {
  if (!layers?.length) throw new InputError('the stack has no layers: give at least one');
  const models: Autoencoder[] = [];
  const results: FitResult[] = [];
  let codes: View<AnyNumbers> = asView(x, 'x');
  for (const [i, layer] of layers.entries()) {
    const model = await Autoencoder.create({ seed: 1 + i, ...layer.model, inputs: codes.shape[1] }, engine);
    const progress = onProgress && ((p: Parameters<NonNullable<FitOptions['onProgress']>>[0]) => onProgress(i, p));
    results.push(await fit(model, codes, { ...layer.fit, onProgress: progress, signal }));
    models.push(model);
    if (i + 1 < layers.length) codes = await model.encode(codes);
  }
  return { models, results };
}

/** Checks that the models stand on each other: every input size is the code size below. */
function assertMeet(models: readonly Autoencoder[]): void {
  if (!models?.length) throw new InputError('the stack has no models: give at least one');
  models.forEach((model, i) => {
    assertModel(model, 'Autoencoder', `model ${i} of the stack`);
  });
  models.slice(1).forEach(({ config: { inputs } }, i) => {
    const { hidden } = models[i].config;
    const below = hidden[hidden.length - 1];
    if (inputs === below) return;
    throw new InputError(
      `model ${i + 1} of the stack takes ${inputs} inputs, and model ${i} has ${below} hidden units: they must be equal`,
    );
  });
}

/** See `unroll` of the package. */
export async function unroll(models: readonly Autoencoder[]): Promise<Autoencoder> {
  assertMeet(models);
  models.forEach(({ config: { hidden } }, i) => {
    if (hidden.length === 1) return;
    throw new InputError(
      `model ${i} of the stack has ${hidden.length} hidden layers: to be unrolled, each must have one`,
    );
  });
  models.forEach(({ config: { inputs, targets, skip } }, i) => {
    if (targets === inputs && !skip) return;
    throw new InputError(
      `model ${i} of the stack is a transcoder: to be unrolled, each must reconstruct its inputs, without targets of its own or skip`,
    );
  });
  models.slice(1).forEach(({ config }, i) => {
    const below = activationOf(models[i].config, 0);
    if (config.output === below) return;
    throw new InputError(
      `model ${i + 1} of the stack reconstructs with ${config.output} units what model ${i} made with ${below} units: make its output ${below}`,
    );
  });
  const selections = models.flatMap((model, layer) => {
    const spec = layerKindOf(model, 0);
    if (spec === null) return [];
    const anneals = (layerKindNamed(spec.kind)?.settles?.(spec) ?? 0) > 0;
    return [{ ...spec, ...(anneals ? { annealOver: 0 } : {}), layer }]; // trained: no annealing again
  });
  const [{ config: first }] = models;
  const deep = await Autoencoder.create(
    {
      inputs: first.inputs,
      hidden: models.map(({ config }) => config.hidden[0]),
      activation: models.map(({ config }) => activationOf(config, 0)),
      tied: models.map(({ config }) => isTied(config, 0)),
      output: first.output,
      loss: first.loss,
      weightDecay: first.weightDecay,
      weightL1: first.weightL1,
      sparsity: selections.length > 1 ? selections : (selections[0] ?? null),
      initialization: first.initialization,
      precision: first.precision,
      seed: first.seed,
    },
    models[0].engine.options,
  );
  deep.setParameters(await renamed(models));
  deep.setState(await models[models.length - 1].engine.state.read(['model-state'])); // of the code layer
  return deep;
}

/** See `stackClassifier` of the package. */
export async function stackClassifier(
  models: readonly Autoencoder[],
  config: Pick<ClassifierConfig, 'classes' | 'corruption' | 'dropout' | 'weightDecay' | 'hiddenWeightDecay' | 'seed'>,
): Promise<Classifier> {
  assertMeet(models);
  const layers = models.flatMap((model) => model.config.hidden.map((units, i) => ({ model, units, i })));
  const classifier = await Classifier.create(
    {
      inputs: models[0].config.inputs,
      hidden: layers.map(({ units }) => units),
      activation: layers.map(({ model, i }) => activationOf(model.config, i)),
      layers: layers.map(({ model, i }) => layerKindOf(model, i)),
      precision: models[0].config.precision,
      ...config,
    },
    models[0].engine.options,
  );
  const taken: Record<string, View<AnyNumbers>> = {};
  for (const [layer, { model, i }] of layers.entries()) {
    const parameters = await uncentred(model);
    for (const what of ['weight', 'bias'] as const) {
      taken[`encoder.${layer}.${what}`] = parameters[parameterName('encoder', i, what, model.config.hidden.length)];
    }
  }
  classifier.setParameters(taken);
  return classifier;
}

/** Of what special kind hidden layer i of a model is, if it is of one. */
function layerKindOf({ config, engine }: Autoencoder, i: number): LayerKindSpec | null {
  const { choice } = engine.spec.layers[i];
  const sparsity = sparsitiesOf(config).find(({ kind, layer }) => layer === i && kind === choice.spec.kind);
  if (sparsity === undefined) return null;
  const { layer: _, ...spec } = sparsity as LayerKindSpec;
  return spec;
}

/**
 * The parameters with what is taken from the input in the encoder's biases: (x − c)Wᵀ + b = xWᵀ + (b − Wc). Of gated units
 * eʳ((x − c)Wᵀ) + b_mag too.
 */
async function uncentred(model: Autoencoder): Promise<Record<string, View<AnyNumbers>>> {
  const parameters = await model.parameters();
  const [{ weight, bias, center }] = model.engine.spec.layers;
  if (center === null) return parameters;
  const [w, c] = [toFlat(parameters[weight]), toFlat(parameters[center])];
  const units = w.length / c.length;
  const product = new Float64Array(units); // Wc
  for (let p = 0; p < w.length; p++) product[Math.floor(p / c.length)] += w[p] * c[p % c.length];
  const less = (name: string, gain: (j: number) => number) =>
    vector(Float64Array.from(toFlat(parameters[name]), (b, j) => b - gain(j) * product[j]));
  const moved = { ...parameters, [bias]: less(bias, () => 1) };
  if (!('encoder.magnitude.bias' in parameters)) return moved;
  const r = toFlat(parameters['encoder.magnitude.scale']);
  return { ...moved, 'encoder.magnitude.bias': less('encoder.magnitude.bias', (j) => Math.exp(r[j])) };
}

/** encoder.weight of model i as encoder.i.weight; as it is where there is one model. */
async function renamed(models: readonly Autoencoder[]): Promise<Record<string, View<AnyNumbers>>> {
  const taken: Record<string, View<AnyNumbers>> = {};
  for (const [i, model] of models.entries()) {
    for (const [name, value] of Object.entries(await uncentred(model))) {
      const [side, what] = name.split('.');
      taken[models.length === 1 ? name : `${side}.${i}.${what}`] = value;
    }
  }
  return taken;
}
