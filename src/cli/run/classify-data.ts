import { type AnyNumbers, matrix, rowRange, type View } from '../../array/matrix.ts';
import { elementsOf, storageLike } from '../../array/numbers.ts';
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
  /** Whether it holds a class after the other, as folders of them do. */
  readonly byClass?: boolean;
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
  const halves = all.byClass ? classwise(all, flags.testShare) : { train: part(all, 0, cut), test: part(all, cut, m) };
  assertSeen('--test-share', halves.test, halves.train);
  return halves;
}

function part({ x, labels, read, values }: Labelled, begin: number, end: number): Labelled {
  return { x: rowRange(x, begin, end), labels: labels.slice(begin, end), read, values };
}

/** The last share of each class as test examples, the rest to train on. */
function classwise({ x, labels, read, values }: Labelled, share: number): Required<Pick<Halves, 'train' | 'test'>> {
  const [train, test]: [number[], number[]] = [[], []];
  for (const label of new Set(labels)) {
    const rows = Array.from(labels.keys()).filter((i) => labels[i] === label);
    const cut = Math.max(1, Math.round(rows.length * (1 - share)));
    train.push(...rows.slice(0, cut));
    test.push(...rows.slice(cut));
  }
  if (test.length === 0) {
    throw new InputError(
      `--test-share is ${share}, which leaves no example of any class to test on: give a larger share`,
    );
  }
  const taken = (rows: readonly number[]) => ({
    x: rowsOf(x, rows),
    labels: Uint32Array.from(rows, (i) => labels[i]),
    read,
    values,
  });
  return { train: taken(train), test: taken(test) };
}

/** Rows of a view, copied in their own type. */
function rowsOf({ data, shape, stride, offset, unit }: View<AnyNumbers>, rows: readonly number[]): View<AnyNumbers> {
  const d = shape[1];
  const out = storageLike(data, rows.length * d);
  const [to, from] = [elementsOf(out), elementsOf(data)]; // copied as they are stored
  rows.forEach((row, i) => {
    for (let j = 0; j < d; j++) to[i * d + j] = from[offset + row * stride[0] + j * stride[1]];
  });
  return Object.assign(matrix(out, rows.length, d), unit === undefined ? {} : { unit });
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
