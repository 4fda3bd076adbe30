import { assertObject } from '../array/argument-check.ts';
import type { AnyNumbers, View } from '../array/matrix.ts';
import { isNumbers } from '../array/view-check.ts';
import { InputError, show } from '../errors.ts';
import type { Autoencoder } from '../model/autoencoder.ts';
import { assertModel } from '../model/model-check.ts';
import { orAborted } from './abortable.ts';
import { beginCenter } from './begin-center.ts';
import { planOf } from './fit.ts';
import { withResult } from './history.ts';
import type {
  Batches,
  BatchReader,
  BatchStream,
  StreamBatch,
  StreamOptions,
  StreamResult,
  TargetedBatch,
} from './stream-options.ts';
import { type Given, Stream } from './stream-state.ts';

type Source = Iterator<StreamBatch> | AsyncIterator<StreamBatch>;

/** See `partialFit` of the package. */
export async function partialFit(
  model: Autoencoder,
  batches: Batches,
  options: StreamOptions = {},
): Promise<StreamResult> {
  assertModel(model, 'Autoencoder');
  assertObject(options, 'options', '{ optimizer: { kind: "adam", learningRate: 1e-3 } }');
  const { engine } = model;
  const { signal, onProgress, progressEvery } = options;
  planOf(model, { signal, onProgress, progressEvery }, 1); // checks them
  if (signal?.aborted) throw withResult(signal.reason, untouched(engine.stream));
  engine.assertIdle('partialFit was called');
  const source = iteratorOf(batches);
  engine.training = true;
  let stream: Stream | null = null;
  let ended = false;
  try {
    for (;;) {
      const next = await orAborted(Promise.resolve(source.next()), signal);
      if (next === null && signal?.aborted) throw signal.reason;
      if (typeof next !== 'object' || next === null) throw noSource(batches);
      ended = next.done === true;
      if (ended) break;
      const given = taken(model, next.value);
      if (stream === null) {
        stream = Stream.of(model, options, given);
        if (engine.fresh) await beginCenter(model, given.x, signal);
        engine.fresh = false;
      }
      await stream.step(given);
      signal?.throwIfAborted();
    }
    if (stream === null) throw new InputError('batches is empty: it must give at least one batch (n, d)');
    if (!(await stream.endedWell())) throw await stream.diverged();
    return stream.result();
  } catch (error) {
    await stream?.endedWell();
    throw withResult(error, stream?.result() ?? untouched(engine.stream));
  } finally {
    engine.training = false;
    if (!ended) leave(source);
  }
}

/** Ends a source that has more to give. What is waited for there may never come, and nobody hears of what fails. */
function leave(source: Iterator<StreamBatch> | AsyncIterator<StreamBatch>): void {
  (async () => source.return?.())().catch(() => {});
}

/** What a call comes to that takes no step. */
function untouched(before: object | null): StreamResult {
  const { steps } = (before as Stream | null)?.result() ?? { steps: 0 };
  return { steps, examples: 0, cost: Number.NaN, terms: {}, seconds: 0 };
}

/** A batch, checked. */
function taken(model: Autoencoder, batch: StreamBatch): Given {
  const { x, target } = isTargeted(batch) ? batch : { x: batch, target: undefined };
  const view: View<AnyNumbers> = model.input(x, 'the batch');
  const labels = model.target(target, view, "the batch's target");
  return { x: view, ...(labels ? { labels } : {}) };
}

function isTargeted(batch: unknown): batch is TargetedBatch {
  return typeof batch === 'object' && batch !== null && 'x' in batch && !('data' in batch);
}

/** Of what gives batches; one batch is given alone. */
function iteratorOf(batches: Batches): Source {
  if (isOne(batches)) return [batches][Symbol.iterator]();
  const given = batches as Partial<AsyncIterable<StreamBatch> & Iterable<StreamBatch> & BatchStream>;
  const source: Partial<Source> | undefined =
    given[Symbol.asyncIterator]?.() ?? given[Symbol.iterator]?.() ?? (given.getReader && ofReader(given.getReader()));
  if (typeof source?.next === 'function') return source as Source;
  throw noSource(batches);
}

function noSource(batches: unknown): InputError {
  return new InputError(
    `batches is ${show(batches)}: it must be a batch (n, d), or an iterable, an async iterable or a ReadableStream of batches`,
  );
}

/** @throws InputError for what is neither a batch nor gives any. */
function isOne(batches: Batches): batches is StreamBatch {
  if (typeof batches !== 'object' || batches === null || batches instanceof Promise) {
    throw noSource(batches);
  }
  if (!Array.isArray(batches))
    return !['getReader', Symbol.iterator, Symbol.asyncIterator].some((key) => key in batches);
  const [first] = batches; // a batch as rows of numbers, or a list of batches
  return isNumbers(first) || (Array.isArray(first) && typeof first[0] === 'number');
}

/** Safari's streams are no async iterables. */
function ofReader(reader: BatchReader): AsyncIterator<StreamBatch> {
  return {
    next: () => reader.read() as Promise<IteratorResult<StreamBatch>>,
    async return() {
      await reader.cancel().finally(() => reader.releaseLock?.());
      return { done: true, value: undefined };
    },
  };
}
