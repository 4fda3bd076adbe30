import type { AnyNumbers, View } from '../array/matrix.ts';
import { isNumbers } from '../array/view-check.ts';
import { InputError, show } from '../errors.ts';
import type { Autoencoder } from '../model/autoencoder.ts';
import { assertModel } from '../model/model-check.ts';
import { orAborted } from './abortable.ts';
import { beginCenter } from './begin-center.ts';
import { withResult } from './history.ts';
import type {
  Batches,
  BatchReader,
  StreamBatch,
  StreamOptions,
  StreamResult,
  TargetedBatch,
} from './stream-options.ts';
import { type Given, Stream } from './stream-state.ts';

/** See `partialFit` of the package. */
export async function partialFit(
  model: Autoencoder,
  batches: Batches,
  options: StreamOptions = {},
): Promise<StreamResult> {
  assertModel(model, 'Autoencoder');
  const { engine } = model;
  const { signal } = options;
  const source = iteratorOf(batches);
  signal?.throwIfAborted();
  engine.assertIdle('partialFit was called');
  engine.training = true;
  let stream = engine.stream as Stream | null;
  let ended = false;
  try {
    for (let first = true; ; first = false) {
      const next = await orAborted(Promise.resolve(source.next()), signal);
      if (next === null) throw signal?.reason;
      ended = next.done === true;
      if (ended) break;
      const given = taken(model, next.value);
      if (first) {
        stream = Stream.of(model, options, given);
        stream.begin(options);
        if (engine.fresh) await beginCenter(model, given.x, signal);
        engine.fresh = false;
      }
      await stream?.step(given);
      signal?.throwIfAborted();
    }
    if (stream !== null && (await stream.endedWell())) return stream.result();
    if (stream === null) throw new InputError('batches is empty: it must give at least one batch (n, d)');
    throw await stream.diverged();
  } catch (error) {
    await stream?.endedWell();
    throw withResult(error, stream?.result() ?? nothing);
  } finally {
    engine.training = false;
    if (!ended) void source.return?.(); // what is waited for there may never come
  }
}

const nothing: StreamResult = { steps: 0, examples: 0, cost: Number.NaN, terms: {}, seconds: 0 };

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
function iteratorOf(batches: Batches): Iterator<StreamBatch> | AsyncIterator<StreamBatch> {
  if (isOne(batches)) return [batches][Symbol.iterator]();
  if (Symbol.asyncIterator in batches) return batches[Symbol.asyncIterator]();
  if ('getReader' in batches) return ofReader(batches.getReader());
  return batches[Symbol.iterator]();
}

/** @throws InputError for what is neither a batch nor gives any. */
function isOne(batches: Batches): batches is StreamBatch {
  if (typeof batches !== 'object' || batches === null || batches instanceof Promise) {
    throw new InputError(
      `batches is ${show(batches)}: it must be a batch (n, d), or an iterable, an async iterable or a ReadableStream of batches`,
    );
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
      await reader.cancel();
      return { done: true, value: undefined };
    },
  };
}
