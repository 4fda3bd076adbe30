import type { AnyNumbers, View } from '../array/matrix.ts';
import { EngineError, InputError, show } from '../errors.ts';
import type { KernelChoice } from '../kernels/kernels.ts';
import { type FitResult, type HistoryEntry, withResult } from '../training/history.ts';
import type { Progress, Told } from '../training/progress.ts';
import type { PageOptions } from './page-options.ts';
import {
  type Answer,
  type Job,
  type Port,
  type PortEvent,
  type Request,
  send,
  toError,
  type WorkerFitOptions,
} from './protocol.ts';
import { type ParameterSnapshot, received, type SnapshotRequest } from './snapshot.ts';

/** What a worker has trained. */
interface Trained {
  /** Of the model's file. */
  readonly bytes: Uint8Array;
  readonly result: FitResult;
  /** Where `auto` chose. */
  readonly chosen: KernelChoice | null;
}

/** What is sent of a model in training, and who takes it. */
interface SnapshotUse {
  readonly snapshot?: SnapshotRequest | undefined;
  readonly take?: Told<ParameterSnapshot> | undefined;
}

/** Asks the worker for a run, and waits for what comes of it. */
export function runIn(
  worker: Port,
  job: Job,
  x: View<AnyNumbers>,
  {
    engine = {},
    onProgress,
    onEpoch,
    signal,
    checkpoint,
    startWithin = 30,
    snapshot,
    take,
    ...options
  }: WorkerFitOptions & PageOptions & SnapshotUse,
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
    assertSendable({ ...job, options, engine });
    if (signal?.aborted) throw withResult(signal.reason, heard.result());
    let over = false;
    let unsaved: unknown; // what `save` threw
    const listeners: [PortEvent, (event: Event) => void][] = [];
    const leave = () => {
      for (const [type, listener] of listeners) worker.removeEventListener(type, listener);
    };
    const end = () => {
      over = true;
      signal?.removeEventListener('abort', onAbort);
      silence();
    };
    /** Ends the run for a reason of this side. A last checkpoint is still waited for. */
    const giveUp = (reason: unknown) => {
      if (over) return;
      end();
      if (checkpoint === undefined) leave();
      reject(withResult(reason, heard.result()));
      ask({ rhohat: 'cancel', run });
    };
    const onAbort = () => giveUp(signal?.reason);
    const callbacks = new Callbacks(giveUp);
    const onMessage = (event: Event) => {
      const answer = (event as MessageEvent).data as Answer | null;
      if (answer?.rhohat !== undefined) silence(); // to whichever run: it serves
      if (answer?.run !== run) return;
      if (answer.rhohat === 'progress') {
        heard.progress = answer.progress;
        if (!over) callbacks.latest(() => onProgress?.(answer.progress));
      } else if (answer.rhohat === 'epoch') {
        heard.history.push(answer.entry);
        if (!over) callbacks.each(() => onEpoch?.(answer.entry));
      } else if (answer.rhohat === 'checkpoint') {
        void keep(answer.bytes);
      } else if (answer.rhohat === 'snapshot') {
        callbacks.each(async () => {
          if (over) return;
          await take?.(received(answer.snapshot));
          ask({ rhohat: 'taken', run });
        });
      } else {
        leave();
        void callbacks.done().then(() => {
          if (over) return; // by one of them
          end();
          if (answer.rhohat === 'done') resolve({ bytes: answer.model, result: answer.result, chosen: answer.chosen });
          else reject(withResult(toError(answer.error, unsaved), answer.error.result ?? heard.result()));
        });
      }
    };
    const keep = async (bytes: Uint8Array<ArrayBuffer>) => {
      try {
        await checkpoint?.save(bytes);
        ask({ rhohat: 'saved', run, error: null });
      } catch (error) {
        unsaved = error;
        const told = checkpoint?.onSaveError;
        if (told !== undefined) callbacks.each(() => told(error));
        const words = error instanceof Error ? error.message : String(error);
        ask({ rhohat: 'saved', run, error: told === undefined ? words : null });
      }
    };
    const failed = (error: EngineError) => {
      leave();
      if (over) return;
      end();
      reject(withResult(error, heard.result()));
    };
    const onError = (event: Event) => {
      const { message, filename } = event as Partial<ErrorEvent>;
      const at = filename ? ` (${filename})` : '';
      failed(new EngineError(`the worker failed: ${message || 'its script did not load: check its URL'}${at}`));
    };
    listeners.push(
      ['message', onMessage],
      ['error', onError],
      ['messageerror', () => failed(new EngineError('the worker failed: it sent what cannot be read'))],
      ['close', () => failed(new EngineError('the worker ended before its run: its port is closed'))],
    );
    const onSilence = () =>
      giveUp(
        new EngineError(
          `the worker did not answer within ${startWithin} s: its script must call serve(self) of rhohat/worker; add that, or raise startWithin where it takes longer to load, or to end a step of another run`,
        ),
      );
    for (const [type, listener] of listeners) worker.addEventListener(type, listener);
    worker.start?.();
    const silence = after(1000 * startWithin, onSilence);
    signal?.addEventListener('abort', onAbort);
    try {
      const { every } = checkpoint ?? {};
      const kept = checkpoint && { checkpoint: every === undefined ? {} : { every } };
      ask({ rhohat: 'train', run, job, x, options, ...kept, snapshot, engine });
    } catch (error) {
      leave();
      end(); // something that cannot be cloned
      reject(error);
    }
  });
}

/** Calls functions of the caller's one after another; what one throws, or rejects with, goes to `failed`. */
class Callbacks {
  private last: Promise<unknown> = Promise.resolve();
  private waiting: (() => unknown) | null = null;
  private readonly failed: (reason: unknown) => void;

  constructor(failed: (reason: unknown) => void) {
    this.failed = failed;
  }

  each(call: () => unknown): void {
    this.last = this.last.then(call).catch(this.failed);
  }

  /** Of those that come while others are under way, the last alone. */
  latest(call: () => unknown): void {
    const begins = this.waiting === null;
    this.waiting = call;
    if (!begins) return;
    this.each(() => {
      const next = this.waiting;
      this.waiting = null;
      return next?.();
    });
  }

  /** Resolves when all have ended. */
  done(): Promise<unknown> {
    return this.last;
  }
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
function assertSendable(value: unknown, name = '', depth = 0): void {
  if (typeof value === 'function' || depth > 64) {
    if (depth > 64) throw new InputError(`${name.slice(0, 60)}… is nested too deeply to be sent to a worker`);
    throw new InputError(
      `${name} is a function, which cannot be sent to a worker: give it what is plain JSON, such as { kind: "cosine", from, to } for a rate`,
    );
  }
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
  if (Array.isArray(value) && typeof value[0] === 'number') return; // labels: a check of each would take as long as sending
  for (const [key, own] of Object.entries(value)) assertSendable(own, name === '' ? key : `${name}.${key}`, depth + 1);
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
