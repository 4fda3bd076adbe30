import type { AnyNumbers, View } from '../array/matrix.ts';
import type { Autoencoder } from '../model/autoencoder.ts';
import { Probe, type Probed, type Wanted } from './probe.ts';
import { CHUNK } from './row-chunks.ts';

/** Examples at a time where losses are asked for: as many as `dataTerm` of the engine sums at once. */
const LOSS_CHUNK = 1024;

/** What looks at examples and what a model makes of them. */
export interface Observer {
  readonly wants: Wanted;
  see(probed: Probed): Promise<void> | void;
}

/** What an observer came to: throws what made it fail. */
export type Check = () => void;

/**
 * Takes x (m, d), which fits the model, through it once, and shows every example to all observers, in order. Where one of them fails
 * the others go on. @returns for each one what throws that it has failed.
 */
export async function observe(
  model: Autoencoder,
  x: View<AnyNumbers>,
  observers: readonly Observer[],
): Promise<Check[]> {
  const { engine } = model;
  const failures = new Map<Observer, unknown>();
  const left = () => observers.filter((observer) => !failures.has(observer));
  const wants = (what: keyof Wanted) => observers.some((observer) => observer.wants[what]);
  const [m] = x.shape;
  const chunk = wants('loss') ? LOSS_CHUNK : CHUNK;
  const probe = new Probe(engine, { outputs: wants('outputs'), loss: wants('loss') });
  try {
    for (let begin = 0; begin < m && left().length > 0; begin += chunk) {
      const probed = await probe.take(x, begin, Math.min(begin + chunk, m));
      for (const observer of left()) {
        try {
          await observer.see(probed);
        } catch (error) {
          failures.set(observer, error);
        }
      }
    }
  } catch (error) {
    for (const observer of left()) failures.set(observer, error); // codes are everybody's
  } finally {
    probe.dispose();
  }
  return observers.map((observer) => () => {
    if (failures.has(observer)) throw failures.get(observer);
  });
}
