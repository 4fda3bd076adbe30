import * as v from 'valibot';
import type { KernelOptions } from '../kernels/kernels.ts';
import { parse } from '../validate.ts';
import type { Parts } from './parts.ts';

const MOST_THREADS = 64;
const allowedThreads = `it must be 'auto' or a whole number from 1 to ${MOST_THREADS}`;

function isThreads(value: unknown): boolean {
  return value === 'auto' || (Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= MOST_THREADS);
}

/** How a model runs, and what it is made of beside the tables: no part of its config. */
export interface CreateOptions extends KernelOptions {
  /** Parts of your own, which the config names by their kind. They are asked for again where the model is loaded. */
  readonly parts?: Parts | undefined;
}

const schema = v.strictObject({
  threads: v.optional(v.custom<number | 'auto'>(isThreads, allowedThreads)),
  deterministic: v.optional(v.boolean('it must be true or false')),
  fastFloat64: v.optional(v.boolean('it must be true or false')),
  parts: v.optional(v.any()), // checked with the config
});

/** How a model's kernels are to run, checked. @throws InputError naming the key that is not allowed. */
export function parseCreateOptions(options: CreateOptions): CreateOptions {
  return parse(schema, options, 'options');
}
