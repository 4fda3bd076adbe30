import type { AnyNumbers, View } from '../array/matrix.ts';
import { assertWhole } from '../model/agreement.ts';
import type { Autoencoder } from '../model/autoencoder.ts';
import { alone, type Group } from '../model/group.ts';
import { handOver, handOverError } from './hand-over.ts';
import { Probe, type Probed, type Wanted } from './probe.ts';
import { CHUNK } from './row-chunks.ts';
import { numbersOf, setNumbers, type Tally } from './tally.ts';

/** Examples at a time where losses are asked for: as many as `dataTerm` of the engine sums at once. */
const LOSS_CHUNK = 1024;

/** What looks at examples and what a model makes of them. */
export interface Observer {
  readonly wants: Wanted;
  /** All that `see` changes. */
  readonly tallies: readonly Tally[];
  see(probed: Probed): Promise<void> | void;
}

/** What an observer came to: throws what made it fail. */
export type Check = () => void;

/**
 * Takes x (m, d), which fits the model, through it once, and shows every example to all observers, in order. Where one of them fails
 * the others go on. The processes of a group, which all have x, each take every so manieth chunk through the model, at the same
 * time; then one after another shows its chunk to its observers, and hands what they have counted to the next: sums of floating-point
 * numbers depend on their order, and so have the bits of one process.
 * @returns for each one what throws that it has failed.
 */
export async function observe(
  model: Autoencoder,
  x: View<AnyNumbers>,
  observers: readonly Observer[],
  group: Group = alone,
): Promise<Check[]> {
  assertWhole(model.engine.spec, 'measuring');
  const failures = new Map<Observer, unknown>();
  const left = () => observers.filter((observer) => !failures.has(observer));
  const wants = (what: keyof Wanted) => observers.some((observer) => observer.wants[what]);
  const [m] = x.shape;
  const chunk = wants('loss') ? LOSS_CHUNK : CHUNK;
  const probe = new Probe(model.engine, { outputs: wants('outputs'), loss: wants('loss') });
  /** Shows a chunk, or that there is none, to those who have not failed. */
  const show = async (probed: PromiseSettledResult<Probed>) => {
    for (const observer of left()) {
      try {
        if (probed.status === 'rejected') throw probed.reason; // codes are everybody's
        await observer.see(probed.value);
      } catch (error) {
        failures.set(observer, error);
      }
    }
  };
  try {
    for (let first = 0; first < m && left().length > 0; first += chunk * group.size) {
      const begin = first + chunk * group.rank;
      const own = begin < m && (await Promise.allSettled([probe.take(x, begin, Math.min(begin + chunk, m))]))[0];
      for (let rank = 0; rank < group.size && first + chunk * rank < m && left().length > 0; rank++) {
        const before = left();
        if (own && rank === group.rank) await show(own);
        await shareTallies(group, rank, before, failures);
      }
    }
  } finally {
    probe.dispose();
  }
  return observers.map((observer) => () => {
    if (failures.has(observer)) throw failures.get(observer);
  });
}

/** What process `rank` counted, and which of its observers have failed, becomes what all know. */
async function shareTallies(
  group: Group,
  rank: number,
  observers: readonly Observer[],
  failures: Map<Observer, unknown>,
): Promise<void> {
  if (group.size === 1) return;
  const tallies = observers.flatMap((observer) => observer.tallies);
  const failed = { observers: Float64Array.from(observers, (observer) => Number(failures.has(observer))) };
  const numbers = numbersOf([failed, ...tallies]);
  await handOver(group, rank, numbers);
  setNumbers([failed, ...tallies], numbers);
  for (const [i, observer] of observers.entries()) {
    if (failed.observers[i] === 1) failures.set(observer, await handOverError(group, rank, failures.get(observer)));
  }
}
