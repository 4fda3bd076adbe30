import type { AnyNumbers, View } from '../array/matrix.ts';
import { Autoencoder } from '../model/autoencoder.ts';
import { Classifier } from '../model/classifier.ts';
import type { ClassifierConfig } from '../model/classifier-config.ts';
import type { AutoencoderConfig } from '../model/config.ts';
import { fit } from '../training/fit.ts';
import { fitClassifier } from '../training/fit-classifier.ts';
import type { FitResult } from '../training/history.ts';
import {
  deserializeClassifier,
  deserializeModel,
  serializeClassifier,
  serializeModel,
} from '../training/model-file.ts';
import type { FitOptions } from '../training/options.ts';
import type { Request } from './protocol.ts';
import type { Sitter } from './snapshot-sender.ts';

/** A run that is asked for. */
export type Train = Request & { readonly rhohat: 'train' };

/** What a worker trains, of either kind. */
export interface Trainee extends Sitter {
  fit(options: FitOptions): Promise<FitResult>;
  /** Of its file. */
  bytes(): Promise<Uint8Array>;
  dispose(): void;
}

/** The model that is asked for, a new one or one that was saved. */
export async function traineeOf({ job, x, options: { batchSize }, engine: given }: Train): Promise<Trainee> {
  const engine = given.kernels === 'auto' && batchSize !== undefined ? { batchSize, ...given } : given;
  if (job.kind === 'autoencoder') {
    const { config } = job;
    const model = isBytes(config)
      ? (await deserializeModel(config, engine)).model
      : await Autoencoder.create(config as AutoencoderConfig, engine);
    return {
      engine: model.engine,
      outputs: {
        codes: (examples) => model.encode(examples),
        reconstructions: (examples) => model.reconstruct(examples),
      },
      input: (examples, name) => model.input(examples, name, false),
      fit: (options) => fit(model, x, options),
      bytes: () => serializeModel(model),
      dispose: () => model.dispose(),
    };
  }
  const { config, labels, validationLabels = [] } = job;
  const classifier = isBytes(config)
    ? (await deserializeClassifier(config, engine)).classifier
    : await Classifier.create(config as ClassifierConfig, engine);
  return {
    engine: classifier.engine,
    outputs: { probabilities: (examples) => classifier.probabilities(examples) },
    input: (examples, name) => classifier.input(examples, name),
    fit({ validation, ...rest }) {
      const held = validation && { validation: { x: validation as View<AnyNumbers>, labels: validationLabels } };
      return fitClassifier(classifier, x, labels, { ...rest, ...held });
    },
    bytes: () => serializeClassifier(classifier),
    dispose: () => classifier.dispose(),
  };
}

function isBytes(config: unknown): config is Uint8Array {
  return config instanceof Uint8Array;
}
