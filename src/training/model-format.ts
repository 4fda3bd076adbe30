import type { Preprocessing } from '../data/preprocessing/preprocessing.ts';
import type { Autoencoder } from '../model/autoencoder.ts';
import type { Classifier } from '../model/classifier.ts';

/** What a file carries beside weights and config. */
export interface Attachments {
  /** The fitted steps between raw data and the model's inputs, so that new data are treated alike. */
  readonly preprocessing?: readonly Preprocessing[] | undefined;
  /** Anything else, such as where the data came from: texts by names, which come back as given. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** What a model file gives back. */
export interface SavedModel {
  /** Ready to encode. */
  readonly model: Autoencoder;
  /** The fitted steps that were saved; [] where there were none. */
  readonly preprocessing: readonly Preprocessing[];
  /** What else was saved with it, as it was given. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** What a classifier's file gives back. */
export interface SavedClassifier extends Omit<SavedModel, 'model'> {
  /** Ready to predict. */
  readonly classifier: Classifier;
}

/** What of a model file's metadata is fixed. */
export const FORMAT = 'rhohat';
export const VERSION = '1';

/** What a file may hold. */
export type Kind = 'autoencoder' | 'classifier';

/** What of the metadata is the file's own; whatever a caller calls by one of these names is kept under another. */
const OWN = ['format', 'version', 'kind', 'config', 'preprocessing', 'epochs', 'fresh'];
const APART = 'metadata.';

/** A caller's metadata under names that are none of the file's. */
export function keptApart(metadata: Readonly<Record<string, string>>): Record<string, string> {
  const named = Object.entries(metadata).map(([name, text]) => {
    return [OWN.includes(name) || name.startsWith(APART) ? APART + name : name, text];
  });
  return Object.fromEntries(named);
}

/** A caller's metadata as it was given. */
export function asGiven(metadata: Readonly<Record<string, string>>): Record<string, string> {
  const given = Object.entries(metadata).filter(([name]) => !OWN.includes(name));
  return Object.fromEntries(
    given.map(([name, text]) => [name.startsWith(APART) ? name.slice(APART.length) : name, text]),
  );
}
