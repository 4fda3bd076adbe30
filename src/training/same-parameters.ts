import { TrainingError } from '../errors.ts';
import type { Engine } from '../model/engine.ts';
import type { Group } from '../model/group.ts';

/**
 * All processes that share batches must hold the same θ: compares ‖θ‖², which each adds up in float64.
 * @throws TrainingError, in all of them, that names those whose θ is another than rank 0's.
 */
export async function assertSameParameters({ kernels: k, theta }: Engine, group: Group, step: number): Promise<void> {
  const square = k.allocateResults(1);
  k.clearResults(square);
  k.dot(square, 0, theta, theta);
  const all = new Float64Array(group.size);
  await group.gather(await k.read(square), all);
  const others = Array.from(all.keys()).filter((rank) => !Object.is(all[rank], all[0])); // NaN is told by who diverges
  if (others.length === 0) return;
  const which = `${others.length === 1 ? 'rank' : 'ranks'} ${others.join(', ')}`;
  throw new TrainingError(
    `step ${step}: the parameters of ${which} are no longer those of rank 0 (‖θ‖² is ${all[others[0]]} and ${all[0]}): the processes compute to different last digits; use deterministic: true (--deterministic), or the same Node.js and processor for all`,
    step,
    'parameters',
  );
}
