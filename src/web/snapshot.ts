import * as v from 'valibot';
import {
  type AnyNumbers,
  type Matrix,
  matrix,
  type Numbers,
  scalar,
  type Vector,
  type View,
  vector,
} from '../array/matrix.ts';
import type { MatrixLike } from '../array/view-check.ts';
import type { Parameters } from '../model/parameter-access.ts';
import { everySchema } from '../training/checkpoints/checkpoint-options.ts';
import type { Told } from '../training/progress.ts';
import { parse } from '../validate.ts';

/** What a model is after a step. Its arrays are the page's own, of the model's precision. */
export interface ParameterSnapshot {
  /** Counted from 1. */
  readonly step: number;
  /** Counted from 1. */
  readonly epoch: number;
  /** Those that were asked for, by name, such as 'encoder.weight' (h, d); {} where none were. */
  readonly parameters: Parameters;
}

/** Of an autoencoder. */
export interface Snapshot extends ParameterSnapshot {
  /** (n, h), as `encode` gives them, of the examples that the option names; undefined without it. */
  readonly codes: Matrix | undefined;
  /** (n, targets), as `reconstruct` gives them; undefined without the option. */
  readonly reconstructions: Matrix | undefined;
}

/** Of a classifier. */
export interface ClassifierSnapshot extends ParameterSnapshot {
  /** (n, classes), as `probabilities` gives them; undefined without the option. */
  readonly probabilities: Matrix | undefined;
}

/** Which parameters come to the page, and how often. */
export interface ParameterSnapshotOptions {
  /**
   * Every so many steps, or after a time such as '200ms'. Default '100ms'. A snapshot that is due before `take` has ended with
   * the last one is left out: training never waits for the page, and no bit of it changes.
   */
  readonly every?: number | string | undefined;
  /** All of them, none, or those that are named. Default true. */
  readonly parameters?: boolean | readonly string[] | undefined;
}

/** What the page sees of an autoencoder while it trains. */
export interface SnapshotOptions extends ParameterSnapshotOptions {
  /** Examples (n, d) whose codes come too; n need not be that of x. They are sent to the worker once. */
  readonly codes?: MatrixLike | undefined;
  /** Examples (n, d) whose reconstructions come too. */
  readonly reconstructions?: MatrixLike | undefined;
  /**
   * Called with each, on the page's side; a promise is waited for before the next one comes. The last one is of the model that
   * comes back. Where it throws or rejects, the run ends with that.
   */
  readonly take: Told<Snapshot>;
}

/** What the page sees of a classifier while it trains. */
export interface ClassifierSnapshotOptions extends ParameterSnapshotOptions {
  /** Examples (n, d) whose probabilities come too; n need not be that of x. They are sent to the worker once. */
  readonly probabilities?: MatrixLike | undefined;
  /** As of {@link SnapshotOptions}. */
  readonly take: Told<ClassifierSnapshot>;
}

/** What of the options goes to the worker. */
export interface SnapshotRequest extends ParameterSnapshotOptions {
  /** Examples, by what is made of them. */
  readonly examples: Readonly<Record<string, View<AnyNumbers>>>;
}

/** Arrays by name, of which the buffers move. */
export type SentArrays = Readonly<Record<string, Pick<View<Numbers>, 'data' | 'shape'>>>;

/** What the worker sends of a model in training. */
export interface SentSnapshot {
  readonly step: number;
  readonly epoch: number;
  readonly parameters: SentArrays;
  /** What the model makes of examples. */
  readonly outputs: SentArrays;
}

const own = {
  every: everySchema,
  parameters: v.optional(
    v.union(
      [v.boolean(), v.array(v.string())],
      'it must be true, false or a list of names, such as ["encoder.weight"]',
    ),
  ),
  take: v.function('it must be a function that takes a snapshot'),
};
const schemas = {
  autoencoder: v.strictObject(
    { ...own, codes: v.optional(v.unknown()), reconstructions: v.optional(v.unknown()) },
    'it must be an object such as { every: 50, take: ({ parameters }) => draw(parameters) }',
  ),
  classifier: v.strictObject(
    { ...own, probabilities: v.optional(v.unknown()) },
    'it must be an object such as { every: 50, take: ({ probabilities }) => draw(probabilities) }',
  ),
};

/**
 * The options as they go to the worker; `sent` makes a message of examples.
 * @throws InputError naming the key.
 */
export function requestOf(
  options: SnapshotOptions | ClassifierSnapshotOptions,
  kind: 'autoencoder' | 'classifier',
  sent: (x: MatrixLike, name: string) => View<AnyNumbers>,
): SnapshotRequest {
  parse(schemas[kind], options, 'options.snapshot');
  const { every, parameters, take: _, ...examples } = options;
  const given = Object.entries(examples).filter(([, x]) => x !== undefined);
  const named = given.map(([name, x]) => [name, sent(x as MatrixLike, `options.snapshot.${name}`)]);
  return { every, parameters, examples: Object.fromEntries(named) };
}

/** What came from the worker, as `take` has it. */
export function received({ step, epoch, parameters, outputs }: SentSnapshot): ParameterSnapshot {
  return { step, epoch, parameters: arrays(parameters), ...arrays(outputs) };
}

function arrays(sent: SentArrays): Parameters {
  return Object.fromEntries(Object.entries(sent).map(([name, view]) => [name, arrayOf(view)]));
}

function arrayOf({ data, shape }: SentArrays[string]): Matrix | Vector {
  if (shape.length === 2) return matrix(data, shape[0], shape[1]);
  return shape.length === 1 ? vector(data) : scalar(data);
}
