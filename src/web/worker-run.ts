import type { AnyNumbers, View } from '../array/matrix.ts';
import { EngineError, InputError, show } from '../errors.ts';
import { type FitResult, type HistoryEntry, withResult } from '../training/history.ts';
import type { Progress } from '../training/progress.ts';
import type { PageOptions } from './page-options.ts';
import { type Answer, type Job, type Port, type Request, send, toError, type WorkerFitOptions } from './protocol.ts';

/** What a worker has trained. */
interface Trained {
  /** Of the model's file. */
  readonly bytes: Uint8Array;
  readonly result: FitResult;
}

/** Asks the worker for a run, and waits for what comes of it. */
export function runIn(
  worker: Port,
  job: Job,
  x: View<AnyNumbers>,
  {
    kernels = {},
    onProgress,
    onEpoch,
    signal,
    checkpoint,
    startWithin = 30,
    ...options
  }: WorkerFitOptions & PageOptions,
): Promise<Trained> {
  const [run] = crypto.getRandomValues(new Uint32Array(1)); // a name for this run alone: no count is kept between runs
  const ask = (request: Request) => send(worker, request);
  const heard = new Heard();
  return new Promise((resolve, reject) => {
    if (!(Number.isFinite(startWithin) && startWithin > 0 && startWithin <= 2 ** 21)) {
      throw new InputError(
        `options.startWithin is ${show(startWithin)}: it must be a number of seconds, above 0 and at most 2^21, such as 30`,
      );
    }
    assertSendable({ ...job, options, kernels });
    signal?.throwIfAborted();
    let over = false;
    let unsaved: unknown; // what `save` threw
    const leave = () => {
      worker.removeEventListener('message', onMessage);
      worker.removeEventListener('error', onError);
    };
    const end = () => {
      over = true;
      signal?.removeEventListener('abort', onAbort);
      silence();
    };
    /** Ends the run for a reason of this side. A last checkpoint is still waited for. */
    const giveUp = (reason: unknown) => {
      end();
      if (checkpoint === undefined) leave();
      ask({ rhohat: 'cancel', run });
      reject(withResult(reason, heard.result()));
    };
    const onAbort = () => giveUp(signal?.reason);
    /** What a callback of the caller's gives, or throws. */
    const tell = (told: () => unknown) => {
      if (!over) (async () => told())().catch(giveUp);
    };
    const onMessage = (event: Event) => {
      const answer = (event as MessageEvent).data as Answer | null;
      if (answer?.rhohat !== undefined) silence(); // to whichever run: it serves
      if (answer?.run !== run) return;
      if (answer.rhohat === 'progress') {
        heard.progress = answer.progress;
        tell(() => onProgress?.(answer.progress));
      } else if (answer.rhohat === 'epoch') {
        heard.history.push(answer.entry);
        tell(() => onEpoch?.(answer.entry));
      } else if (answer.rhohat === 'checkpoint') {
        void keep(answer.bytes);
      } else {
        leave();
        if (over) return;
        end();
        if (answer.rhohat === 'done') resolve({ bytes: answer.model, result: answer.result });
        else reject(withResult(toError(answer.error, unsaved), answer.error.result ?? heard.result()));
      }
    };
    const keep = async (bytes: Uint8Array<ArrayBuffer>) => {
      try {
        await checkpoint?.save(bytes);
        ask({ rhohat: 'saved', run, error: null });
      } catch (error) {
        unsaved = error;
        const told = checkpoint?.onSaveError;
        if (told !== undefined) tell(() => told(error));
        const words = error instanceof Error ? error.message : String(error);
        ask({ rhohat: 'saved', run, error: told === undefined ? words : null });
      }
    };
    const onError = (event: Event) => {
      leave();
      end();
      const { message, filename } = event as Partial<ErrorEvent>;
      const at = filename ? ` (${filename})` : '';
      reject(new EngineError(`the worker failed: ${message || 'its script did not load: check its URL'}${at}`));
    };
    const onSilence = () =>
      giveUp(
        new EngineError(
          `the worker did not answer within ${startWithin} s: its script must call serve(self) of rhohat/worker; add that, or raise startWithin where it takes longer to load, or to end a step of another run`,
        ),
      );
    worker.addEventListener('message', onMessage);
    worker.addEventListener('error', onError);
    worker.start?.();
    const silence = after(1000 * startWithin, onSilence);
    signal?.addEventListener('abort', onAbort);
    try {
      const { every } = checkpoint ?? {};
      const kept = checkpoint && { checkpoint: every === undefined ? {} : { every } };
      ask({ rhohat: 'train', run, job, x, options, ...kept, kernels });
    } catch (error) {
      leave();
      end(); // something that cannot be cloned
      reject(error);
    }
  });
}

/** What the page has heard of a run. */
class Heard {
  readonly history: HistoryEntry[] = [];
  private readonly begin = performance.now();
  progress: Progress | null = null;

  /** As `fit` has it, as far as that is known here. */
  result(): FitResult {
    const { history, progress } = this;
    const { cost, terms } = history[history.length - 1] ?? progress ?? { cost: Number.NaN, terms: {} };
    const { step = 0 } = progress ?? {};
    const seconds = (performance.now() - this.begin) / 1000;
    return { steps: step, epochs: history.length, cost, terms, history, seconds, converged: null };
  }
}

/** @throws InputError naming the first function in it: no message carries one. */
function assertSendable(value: unknown, name = ''): void {
  if (typeof value === 'function') {
    throw new InputError(
      `${name} is a function, which cannot be sent to a worker: give it what is plain JSON, such as { kind: "cosine", from, to } for a rate`,
    );
  }
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
  if (Array.isArray(value) && typeof value[0] === 'number') return; // labels: a check of each would take as long as sending
  for (const [key, own] of Object.entries(value)) assertSendable(own, name === '' ? key : `${name}.${key}`);
}

/**
 * Calls `late` after so many milliseconds, unless the function that it gives is called before. In two halves: a page that
 * was busy for all of the time finds the timer ended before it sees the message that came meanwhile.
 */
function after(milliseconds: number, late: () => void): () => void {
  let timer = setTimeout(() => {
    timer = setTimeout(late, milliseconds / 2);
  }, milliseconds / 2);
  return () => clearTimeout(timer);
}
