import * as v from 'valibot';
import type { KernelOptions } from '../kernels/kernels.ts';
import { parse } from '../validate.ts';

const MOST_THREADS = 64;
const allowedThreads = `it must be 'auto' or a whole number from 1 to ${MOST_THREADS}`;

function isThreads(value: unknown): boolean {
  return value === 'auto' || (Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= MOST_THREADS);
}

const schema = v.strictObject({
  threads: v.optional(v.custom<number | 'auto'>(isThreads, allowedThreads)),
  deterministic: v.optional(v.boolean('it must be true or false')),
});

/** How a model's kernels are to run, checked. @throws InputError naming the key that is not allowed. */
export function parseKernelOptions(options: KernelOptions): KernelOptions {
  return parse(schema, options, 'options');
}
