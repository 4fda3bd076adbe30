import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnyNumbers, View } from '../../src/array/matrix.ts';
import { ProgressBar } from '../../src/cli/output.ts';
import type { CorruptionSpec } from '../../src/corruption/corruption.ts';
import { encodePng, type Picture } from '../../src/figures/picture.ts';
import type { KernelOptions, Kernels } from '../../src/kernels/kernels.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { Classifier, type Labels } from '../../src/model/classifier.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import { CheckpointFiles } from '../../src/node/checkpoint-file.ts';
import { loadClassifier, loadModel, saveClassifier, saveModel } from '../../src/node/model-files.ts';
import { fit } from '../../src/training/fit.ts';
import { fitClassifier, type Stage } from '../../src/training/fit-classifier.ts';
import type { FitResult } from '../../src/training/history.ts';
import type { FitOptions } from '../../src/training/options.ts';
import { stackClassifier } from '../../src/training/stack.ts';
import { scale, unrolledParameters } from './first-weights.ts';
import { KeptSteps } from './kept-steps.ts';
import type { Drawn } from './row.ts';
import type { Source } from './source.ts';

/** Examples under a name that tells them from all others: results are kept by it. */
export interface Sample {
  readonly name: string;
  readonly x: View<AnyNumbers>;
}

export interface LabelledSample extends Sample {
  readonly labels: Labels;
}

/** The JSON part of how a model is fitted. */
export type Plan = Pick<FitOptions, 'optimizer' | 'epochs' | 'batchSize' | 'seed'>;

/** The same of an autoencoder. */
export type TrainPlan = Plan & Pick<FitOptions, 'penaltyWarmup'>;

/** What is kept of a fit. */
export type Kept = Pick<FitResult, 'steps' | 'cost' | 'terms' | 'history' | 'seconds'>;

export interface Trained extends Kept {
  /** Of everything that led to it. */
  readonly id: string;
  readonly model: Autoencoder;
}

export interface Tuned extends Kept {
  readonly id: string;
  readonly classifier: Classifier;
}

/** What a classifier starts from: the encoders of these models, an earlier stage, or fresh weights of these sizes. */
export type Start =
  | { readonly models: readonly Trained[] }
  | { readonly stage: Tuned }
  | {
      readonly hidden: readonly number[];
      readonly inputs: number;
      readonly activation?: 'sigmoid' | 'relu';
      /** Factor of the initial hidden weights; 4 is usual for sigmoid units. Default 1. */
      readonly gain?: number;
    };

export interface TunePlan {
  readonly start: Start;
  readonly data: LabelledSample;
  readonly validation?: LabelledSample;
  readonly classes?: number;
  readonly stage?: Stage;
  /** Noise on the examples that it learns from; fixed at the start, as λ is. */
  readonly corruption?: CorruptionSpec;
  /** p of the hidden units. */
  readonly dropout?: number;
  /** λ of the softmax, and of the hidden weights; fixed at the start, so left out with an earlier stage. */
  readonly weightDecay?: number;
  readonly hiddenWeightDecay?: number;
  readonly seed: number;
  readonly fit: Plan;
}

export interface LabOptions {
  /** Small sizes, to show that everything runs. */
  readonly quick: boolean;
  /** Where results of steps and checkpoints are kept. */
  readonly folder: string;
  /** Where pictures go. */
  readonly pictures: string;
  readonly signal: AbortSignal;
  readonly kernels: KernelOptions;
  readonly say: (text: string) => void;
}

/**
 * Runs the steps of a reproduction and keeps what they give, each under a hash of all that determines it: a step that was
 * done is never done again, one that was interrupted goes on from its checkpoint, and one whose settings changed is new.
 */
export class Lab {
  readonly quick: boolean;
  private readonly options: LabOptions;
  private readonly kept: KeptSteps;

  constructor(options: LabOptions) {
    this.options = options;
    this.quick = options.quick;
    this.kept = new KeptSteps(options);
  }

  /** Seconds of all steps that were asked for, in whichever process they ran. */
  get seconds(): number {
    return this.kept.seconds;
  }

  /** What trained: kernels, threads, Node. */
  get trainedBy(): ReadonlySet<string> {
    return this.kept.trainedBy;
  }

  /** The full value, or the one for a quick run. */
  size<T>(full: T, quick: T): T {
    return this.quick ? quick : full;
  }

  /** `work`'s plain JSON, computed once for these settings. */
  async step<T>(name: string, settings: object, work: () => Promise<T>): Promise<T> {
    const { folder } = await this.place(name, { step: name, ...settings });
    const { value } = await this.kept.once(name, folder, async () => {
      const begun = performance.now();
      return { settings, value: await work(), seconds: (performance.now() - begun) / 1000 };
    });
    return value;
  }

  /** An autoencoder trained on `data`; a deep one begins with the weights of `from`, one model a layer, where it is given. */
  async train(
    name: string,
    plan: {
      model: Omit<AutoencoderConfig, 'inputs'>;
      data: Sample | Source;
      fit: TrainPlan;
      from?: readonly Trained[];
    },
  ): Promise<Trained> {
    const { data, fit: options, from } = plan;
    const config = { ...plan.model, inputs: data.x.shape[1] };
    const begun = from ? { from: from.map(({ id }) => id) } : {};
    const settings = { model: config, data: data.name, fit: options, ...begun };
    const { folder, id } = await this.place(name, settings);
    const file = join(folder, 'model.safetensors');
    const kept = await this.kept.once(name, folder, async () => {
      const model = await Autoencoder.create(config, this.options.kernels);
      const layers = from?.map((one) => one.model);
      if (layers) model.setParameters(await unrolledParameters(layers, model));
      const result = await this.follow(name, folder, (hooks) => fit(model, data.x, { ...options, ...hooks }));
      await saveModel(file, model);
      const by = whatRan(model.engine.kernels);
      model.dispose();
      return { settings, by, ...keptOf(result) };
    });
    return { ...kept, id, model: (await loadModel(file, this.options.kernels)).model };
  }

  /** A classifier trained on labelled data, from encoders or from fresh weights. */
  async tune(name: string, plan: TunePlan): Promise<Tuned> {
    const { data, validation, fit: options, stage = 'all' } = plan;
    const settings = { ...plan, stage, start: startId(plan.start), data: data.name, validation: validation?.name };
    const { folder, id } = await this.place(name, settings);
    const file = join(folder, 'classifier.safetensors');
    const kept = await this.kept.once(name, folder, async () => {
      const classifier = await this.startOf(plan);
      const result = await this.follow(name, folder, (hooks) =>
        fitClassifier(classifier, data.x, data.labels, {
          ...options,
          stage,
          ...(validation ? { validation: { x: validation.x, labels: validation.labels } } : {}),
          ...hooks,
        }),
      );
      await saveClassifier(file, classifier);
      const by = whatRan(classifier.engine.kernels);
      classifier.dispose();
      return { settings, by, ...keptOf(result) };
    });
    return { ...kept, id, classifier: (await loadClassifier(file, this.options.kernels)).classifier };
  }

  /** The codes of examples, named after the model and them. */
  async codes({ id, model }: Trained, { name, x }: Sample): Promise<Sample> {
    return { name: `codes ${id} of ${name}`, x: await model.encode(x) };
  }

  /** The percentage of examples whose most probable class is not their label. */
  async error({ classifier }: Tuned, { x, labels }: LabelledSample): Promise<number> {
    return 100 * (1 - (await classifier.accuracy(x, labels)));
  }

  /** Tells whoever runs it. */
  say(text: string): void {
    this.options.say(text);
  }

  /** Writes a picture of the page. */
  async draw(file: string, picture: Picture | string, caption: string): Promise<Drawn> {
    await mkdir(this.options.pictures, { recursive: true });
    await writeFile(join(this.options.pictures, file), typeof picture === 'string' ? picture : encodePng(picture));
    return { file, caption };
  }

  private async startOf(plan: TunePlan): Promise<Classifier> {
    const { start, classes = 10, corruption, dropout, weightDecay, hiddenWeightDecay, seed } = plan;
    const { kernels } = this.options;
    const config = { classes, corruption, dropout, weightDecay, hiddenWeightDecay, seed };
    if ('models' in start)
      return stackClassifier(
        start.models.map(({ model }) => model),
        config,
      );
    if ('hidden' in start) {
      const { gain = 1, ...net } = start;
      const fresh = await Classifier.create({ ...net, ...config }, kernels);
      if (gain !== 1) await scale(fresh, gain);
      return fresh;
    }
    const next = await Classifier.create(start.stage.classifier.config, kernels);
    next.setParameters(await start.stage.classifier.parameters());
    return next;
  }

  /** A fit with its progress shown, its checkpoints kept, and resumed where one is found. */
  private async follow(
    name: string,
    folder: string,
    work: (hooks: Pick<FitOptions, 'checkpoint' | 'resume' | 'onProgress' | 'signal'>) => Promise<FitResult>,
  ): Promise<FitResult> {
    const files = new CheckpointFiles(folder);
    const found = await files.read();
    if (found) this.options.say(`  ${name}: goes on from step ${found.checkpoint.position.step}`);
    const bar = new ProgressBar(true);
    try {
      return await work({
        checkpoint: { every: '60s', save: (bytes) => files.write(bytes) },
        ...(found ? { resume: found.bytes } : {}),
        onProgress: (progress) => bar.update(progress),
        signal: this.options.signal,
      });
    } finally {
      bar.stop();
    }
  }

  private async place(name: string, settings: object): Promise<{ folder: string; id: string }> {
    this.options.signal.throwIfAborted();
    const { kernels } = this.options.kernels;
    const determined = kernels === 'webgpu' ? { ...settings, kernels } : settings; // a GPU rounds otherwise
    const id = createHash('sha256').update(JSON.stringify(determined)).digest('hex').slice(0, 12);
    const folder = join(this.options.folder, `${name.replace(/[^\w.=-]+/g, '-')}-${id}`);
    await mkdir(folder, { recursive: true });
    return { folder, id };
  }
}

function whatRan({ name, threads }: Kernels): string {
  return `${name}, ${threads} thread${threads === 1 ? '' : 's'}, Node ${process.versions.node}`;
}

function keptOf({ steps, cost, terms, history, seconds }: FitResult): Kept {
  return { steps, cost, terms, history, seconds };
}

function startId(start: Start): unknown {
  if ('models' in start) return start.models.map(({ id }) => id);
  return 'stage' in start ? start.stage.id : start;
}
