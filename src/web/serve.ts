import type { CheckpointOptions } from '../training/checkpoints/checkpoint-options.ts';
import type { Progress } from '../training/progress.ts';
import { type Answer, type Port, type Request, send, toFailure } from './protocol.ts';
import { Seldom } from './seldom.ts';
import type { SentSnapshot } from './snapshot.ts';
import { SnapshotSender } from './snapshot-sender.ts';
import { type Train, type Trainee, traineeOf } from './trainee.ts';

/** Steps of small models take microseconds: a page can show so many of them a second. */
const REPORT_MS = 50;

/** Of a run under way. */
interface Running {
  readonly cancel: AbortController;
  /** Called with how the page saved a checkpoint. */
  saved: (error: string | null) => void;
  snapshots: SnapshotSender | null;
}

/**
 * Serves `trainInWorker` and `trainClassifierInWorker`: the whole of a worker's script is `serve(self)`. Messages of others on
 * the same port are passed over. Runs that are asked for at the same time share the worker.
 */
export function serve(port: Port): void {
  const runs = new Map<number, Running>();

  async function train(request: Train): Promise<void> {
    const { run } = request;
    const running: Running = { cancel: new AbortController(), saved: () => {}, snapshots: null };
    runs.set(run, running);
    const { signal } = running.cancel;
    const answer = (message: Answer, transfer?: ArrayBuffer[]) => send(port, message, transfer);
    /** Gives a checkpoint to the page, and waits until it is saved there. */
    const save: CheckpointOptions['save'] = (bytes) =>
      new Promise<void>((resolve, reject) => {
        running.saved = (error) => (error === null ? resolve() : reject(new Error(error)));
        answer({ rhohat: 'checkpoint', run, bytes }, [bytes.buffer as ArrayBuffer]);
      });
    let trainee: Trainee | null = null;
    try {
      trainee = await traineeOf(request);
      const { options, checkpoint, snapshot } = request;
      const tell = (snapshot: SentSnapshot, transfer: ArrayBuffer[]) =>
        answer({ rhohat: 'snapshot', run, snapshot }, transfer);
      const snapshots = snapshot ? new SnapshotSender(trainee, snapshot, signal, tell) : null;
      running.snapshots = snapshots;
      const { progressEvery = 0 } = options;
      const report = (progress: Progress) => answer({ rhohat: 'progress', run, progress });
      const reports = new Seldom(report, Math.max(REPORT_MS, progressEvery));
      const result = await trainee.fit({
        ...options,
        onProgress(progress) {
          reports.latest(progress);
          return snapshots?.after(progress);
        },
        onEpoch: (entry) => answer({ rhohat: 'epoch', run, entry }),
        progressEvery: Math.min(0, progressEvery), // every step; what is not allowed is refused
        signal,
        ...(checkpoint ? { checkpoint: { ...checkpoint, save } } : {}),
      });
      reports.flush();
      await snapshots?.last(result);
      const bytes = await trainee.bytes();
      const { chosen } = trainee.engine.why;
      answer({ rhohat: 'done', run, model: bytes, result, chosen }, [bytes.buffer as ArrayBuffer]);
    } catch (error) {
      answer({ rhohat: 'failed', run, error: toFailure(error) });
    } finally {
      runs.delete(run);
      trainee?.dispose();
    }
  }

  port.addEventListener('message', (event) => {
    const request = (event as MessageEvent).data as Request | null;
    if (request?.rhohat === 'train') {
      send(port, { rhohat: 'serving' });
      void train(request);
    }
    if (request?.rhohat === 'cancel') runs.get(request.run)?.cancel.abort();
    if (request?.rhohat === 'taken') runs.get(request.run)?.snapshots?.taken();
    if (request?.rhohat === 'saved') runs.get(request.run)?.saved(request.error);
  });
  port.addEventListener('close', () => {
    for (const { cancel } of runs.values()) cancel.abort(); // nobody hears of them any more
  });
  port.start?.();
}
