import type { Numbers } from '../array/matrix.ts';
import { InputError } from '../errors.ts';
import { type Latents, ofProcess } from '../layers/latents.ts';
import { show } from '../validate.ts';
import { autoencoderSpec, parameterName } from './autoencoder-spec.ts';
import { type FullConfig, sparsitiesOf } from './config.ts';
import type { Group } from './group.ts';
import type { NetworkSpec } from './spec.ts';

// A dictionary whose latents several processes share: each owns neighbouring rows of W and D and entries of b, c is held by all,
// and every process sees every example. The config says how many latents the whole model has.

/** The spec of the latents of this process. @throws InputError where the config, or the group, does not allow for it. */
export function shardSpec(config: FullConfig, group: Group): NetworkSpec {
  assertShardable(config, group);
  const latents = latentsOf(config.hidden[0], group);
  const spec = autoencoderSpec({ ...config, hidden: [latents.count] });
  return { ...spec, shard: { latents, common: [parameterName('decoder', 0, 'bias', 1)] } };
}

/** Which of so many latents a process of a group has: neighbours, as many as the others have, to within one. */
export function latentsOf(all: number, group: Group): Latents {
  const { rank, size } = group;
  const { first, count } = ofProcess(all, rank, size);
  return {
    ...{ all, first, count, rank, size },
    sum: (k, view) => group.sum(k, view),
    total: (values) => group.total(values),
    gather: (own, everyone) => group.gather(own, everyone),
    broadcast: (numbers, from) =>
      group.broadcast === undefined ? byGathering(group, numbers, from) : group.broadcast(numbers, from),
  };
}

async function byGathering(group: Group, numbers: Numbers, from: number): Promise<void> {
  const all =
    numbers instanceof Float32Array
      ? new Float32Array(numbers.length * group.size)
      : new Float64Array(numbers.length * group.size);
  await group.gather(numbers, all);
  numbers.set(all.subarray(from * numbers.length, (from + 1) * numbers.length));
}

/** What of a config processes cannot share yet: the key, what it may be, and whether it is. */
const ALLOWED: readonly (readonly [keyof FullConfig, string, (config: FullConfig) => boolean])[] = [
  ['hidden', 'one number', ({ hidden }) => hidden.length === 1],
  ['sparsity', 'top-k or batch-top-k', (config) => /^(batch-)?top-k$/.test(kindsOf(config))],
  ['tied', 'false', ({ tied }) => tied === false || (Array.isArray(tied) && !tied.some((one) => one))],
  ['output', '"linear"', ({ output }) => output === 'linear'],
  ['loss', '"squared-error"', ({ loss }) => loss === 'squared-error'],
  ['prefixes', 'null', ({ prefixes }) => prefixes === null],
  ['skip', 'false', ({ skip }) => !skip],
  ['contraction', '0', ({ contraction }) => contraction.weight === 0],
];

function kindsOf(config: FullConfig): string {
  return sparsitiesOf(config)
    .map(({ kind }) => kind)
    .join(' and ');
}

function assertShardable(config: FullConfig, { size }: Group): void {
  for (const [key, allowed, fits] of ALLOWED) {
    if (fits(config)) continue;
    throw new InputError(
      `config.${key} is ${show(config[key])} with options.latents, by which processes share the latents: it must be ${allowed}; or share the rows of a batch, by the group of fit`,
    );
  }
  const [h] = config.hidden;
  if (size <= h) return;
  throw new InputError(
    `options.latents is a group of ${size} processes, and config.hidden is ${h}: each must have a latent: use fewer processes`,
  );
}
