import * as v from 'valibot';
import { InputError } from '../errors.ts';
import type { KernelChoice, KernelOptions } from '../kernels/kernels.ts';
import { oneOf, parse, positiveInteger } from '../validate.ts';
import type { Group } from './group.ts';
import type { Parts } from './parts.ts';

const MOST_THREADS = 64;
const allowedThreads = `it must be 'auto' or a whole number from 1 to ${MOST_THREADS}`;

function isThreads(value: unknown): boolean {
  return value === 'auto' || (Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= MOST_THREADS);
}

function isGroup(value: unknown): boolean {
  const { rank, size, total, gather } = (value ?? {}) as Partial<Group>;
  return (
    Number.isSafeInteger(rank) && Number.isSafeInteger(size) && [total, gather].every((f) => typeof f === 'function')
  );
}

function isChoice(value: unknown): boolean {
  return ['cpu', 'webgpu'].includes((value as Partial<KernelChoice> | null)?.kernels ?? '');
}

/** @throws InputError where latents are to be shared of what has none to share. */
export function assertUnshared({ latents }: CreateOptions, what: string): void {
  if (latents === undefined) return;
  throw new InputError(`options.latents is given for ${what}, which every process holds whole: leave it out`);
}

/** How a model runs, and what it is made of beside the tables: no part of its config. */
export interface CreateOptions extends KernelOptions {
  /** Parts of your own, which the config names by their kind. They are asked for again where the model is loaded. */
  readonly parts?: Parts | undefined;
  /**
   * The processes that share the latents of an autoencoder, each of which makes the same calls on the same examples: this one
   * then holds h/size rows of W and D alone, and what it gives by latents is of its own. For `top-k` and `batch-top-k` with one
   * hidden layer. Default: the model is whole.
   */
  readonly latents?: Group | undefined;
}

const schema = v.strictObject({
  threads: v.optional(v.custom<number | 'auto'>(isThreads, allowedThreads)),
  deterministic: v.optional(v.boolean('it must be true or false')),
  fastFloat64: v.optional(v.boolean('it must be true or false')),
  kernels: v.optional(oneOf(['cpu', 'webgpu', 'auto'] as const)),
  batchSize: v.optional(positiveInteger()),
  chosen: v.nullish(v.custom<KernelChoice>(isChoice, 'it must be what model.runtime.chosen gave')),
  parts: v.optional(v.any()), // checked with the config
  latents: v.optional(v.custom<Group>(isGroup, 'it must be a group, such as await openGroup() gives')),
});

/** How a model's kernels are to run, checked. @throws InputError naming the key that is not allowed. */
export function parseCreateOptions(options: CreateOptions): CreateOptions {
  const runs = parse(schema, options, 'options') as CreateOptions;
  if (runs.deterministic && (runs.kernels === 'webgpu' || runs.kernels === 'auto')) {
    throw new InputError(
      `options.kernels is "${runs.kernels}" with options.deterministic: bits of a GPU are its own; leave one of the two out`,
    );
  }
  if (runs.latents === undefined || runs.parts === undefined) return runs;
  throw new InputError(
    'options.parts is given with options.latents: parts of your own cannot be shared among processes: leave one of them out',
  );
}
