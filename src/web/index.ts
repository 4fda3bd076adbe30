/**
 * TODO
 *
 * @module rhohat/worker
 */
export type { Port, WorkerFitOptions } from './protocol.ts';
export { serve } from './serve.ts';
export { trainInWorker, type WorkerTrainingOptions } from './train-in-worker.ts';
