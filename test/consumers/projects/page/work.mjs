// What those do that have workers: trains here and in a worker.
import { swissRoll } from 'rhohat/data';
import { trainInWorker } from 'rhohat/worker';
import { asTrained, config, training, use, workHere } from './work-here.mjs';

/** @returns what must be the same everywhere, the costs, and what computed them. */
export async function work(worker, options = asTrained) {
  const { engine, hidden } = options;
  const here = await workHere(options);
  const { x } = swissRoll({ examples: 200, seed: 1 });
  const { model, result } = await trainInWorker(worker, { ...config, hidden }, x, { ...training, engine });
  await use(model, x);
  return { ...here, workerCost: result.cost };
}
