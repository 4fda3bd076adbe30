import { InputError } from '../errors.ts';
import type { Latents } from '../layers/latents.ts';
import type { NetworkSpec } from './spec.ts';

// Processes that share the latents of a model make the same calls: what one decides or throws, all must, or some would wait forever.

/** @throws InputError of a model of which this process has a part alone. `what` needs all of it. */
export function assertWhole({ shard }: NetworkSpec, what: string): void {
  if (shard === undefined) return;
  throw new InputError(
    `${what} needs a whole model, and this process has ${shard.latents.count} of its ${shard.latents.all} latents: save the model, and load it without options.latents`,
  );
}

/** The number of the first process, in each: so that all decide alike. */
export async function ofFirst(latents: Latents | undefined, value: number): Promise<number> {
  if (latents === undefined) return value;
  const one = Float64Array.of(latents.rank === 0 ? value : 0);
  await latents.total(one);
  return one[0];
}

/**
 * Runs `task` where several processes do the same: where it fails in one, it fails in all, so that none waits for it.
 * @throws what it throws here; or InputError naming a process where it failed.
 */
export async function together<T>(latents: Latents | undefined, task: () => Promise<T> | T): Promise<T> {
  if (latents === undefined) return task();
  const failed = new Float64Array(latents.size);
  const done = await (async () => task())().then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('error' in done) failed[latents.rank] = 1;
  await latents.total(failed);
  if ('error' in done) throw done.error;
  const rank = failed.findIndex((n) => n > 0);
  if (rank < 0) return done.value;
  throw new InputError(
    `process ${rank}, which shares the latents of the model, failed in the same call: see its error`,
  );
}
