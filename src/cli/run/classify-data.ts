import { type AnyNumbers, rowRange, type View } from '../../array/matrix.ts';
import type { ImageShape } from '../../data/examples.ts';
import type { Preprocessing } from '../../data/preprocessing/preprocessing.ts';
import { InputError } from '../../errors.ts';
import type { KernelOptions } from '../../kernels/kernels.ts';
import type { Autoencoder } from '../../model/autoencoder.ts';
import { loadModel } from '../../node/model-files.ts';
import type { SourcePlan } from '../../training/run.ts';
import { savedData } from './saved-data.ts';

/** What to test on. */
export interface SplitFlags {
  readonly test?: string;
  readonly testLabels?: string;
  readonly testShare?: number;
  /** Of tables, the same column of both. */
  readonly labelColumn?: string | number;
}

/** Examples with labels, treated as the run's were. */
export interface Labelled {
  readonly x: View<AnyNumbers>;
  readonly labels: Uint32Array;
  /** What the columns are, where they are pixels. */
  readonly image?: ImageShape;
  /** How the source was read, in words. */
  readonly read: string;
  /** Its numbers, in words. */
  readonly values: string;
}

/** What is trained on, and what is tested on where the flags ask for it. */
export interface Halves {
  readonly train: Labelled;
  readonly test?: Labelled;
}

/** The encoders of a run folder, from the input up, and how its data were treated. */
export interface Stack {
  readonly models: readonly Autoencoder[];
  readonly steps?: readonly Preprocessing[];
  readonly plan: SourcePlan;
  /** Names of the columns that the run was trained on. */
  readonly columns?: readonly string[];
}

export async function loadStack(path: string, kernels: KernelOptions, array: Partial<SourcePlan>): Promise<Stack> {
  // A stack's model.safetensors is its deep autoencoder, fine-tuned or not: its encoders are what is built upon.
  const saved = await loadModel(path, kernels);
  const { data, columns } = savedData(saved);
  return {
    models: [saved.model],
    steps: saved.preprocessing,
    plan: { ...data, ...array },
    ...(columns ? { columns } : {}),
  };
}

/** Training and test examples, as the flags ask. @throws InputError where a test example has a class of its own. */
export async function split(
  all: Labelled,
  flags: SplitFlags & { readonly ownLabels?: string | number | undefined },
  read: (name: string, labels?: string, limit?: number, flag?: string) => Promise<Labelled>,
): Promise<Halves> {
  if (flags.test !== undefined && flags.testShare !== undefined) {
    throw new InputError('--test and --test-share are both given: leave one out');
  }
  if (flags.test !== undefined) {
    // Labels that are a column of the data are the same one of the test data.
    const own = flags.ownLabels === undefined ? undefined : `${flags.test}:${flags.ownLabels}`;
    const test = await read(flags.test, flags.testLabels ?? own, undefined, '--test-labels');
    assertSeen('--test', test, all);
    return { train: all, test };
  }
  if (flags.testShare === undefined) return { train: all };
  const m = all.labels.length;
  const cut = Math.round(m * (1 - flags.testShare));
  if (!(cut >= 1 && cut < m)) {
    throw new InputError(`--test-share is ${flags.testShare}: it must lie strictly between 0 and 1`);
  }
  const part = (begin: number, end: number) => ({
    x: rowRange(all.x, begin, end),
    labels: all.labels.slice(begin, end),
    read: all.read,
    values: all.values,
  });
  const halves = { train: part(0, cut), test: part(cut, m) };
  assertSeen('--test-share', halves.test, halves.train);
  return halves;
}

/** A class that training never shows cannot be recognised. */
function assertSeen(flag: string, test: Labelled, train: Labelled): void {
  const seen = new Set(train.labels);
  const unseen = test.labels.find((label) => !seen.has(label));
  if (unseen === undefined) return;
  throw new InputError(
    `${flag} holds class ${unseen}, which the training data never show: add --classes, or other data`,
  );
}
