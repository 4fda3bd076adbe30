/**
 * Training in a worker, with progress and cancel: {@link serve} on its side, {@link trainInWorker} on the page's.
 *
 * @module rhohat/worker
 */
export type { PageOptions } from './page-options.ts';
export type { Port, PortEvent, WorkerFitOptions } from './protocol.ts';
export { serve } from './serve.ts';
export type {
  ClassifierSnapshot,
  ClassifierSnapshotOptions,
  ParameterSnapshot,
  ParameterSnapshotOptions,
  Snapshot,
  SnapshotOptions,
} from './snapshot.ts';
export {
  type ClassifierTrainedInWorker,
  type TrainedInWorker,
  trainClassifierInWorker,
  trainInWorker,
  type WorkerClassifierOptions,
  type WorkerTrainingOptions,
} from './train-in-worker.ts';
