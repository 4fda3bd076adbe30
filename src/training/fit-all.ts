import { type AnyNumbers, type View, vector } from '../array/matrix.ts';
import { asView, type MatrixLike } from '../array/view-check.ts';
import { isRowSource, type RowSource } from '../data/stream/row-source.ts';
import { shareSource } from '../data/stream/shared-source.ts';
import { InputError } from '../errors.ts';
import type { Autoencoder } from '../model/autoencoder.ts';
import { writeParameters } from '../model/parameter-access.ts';
import { show } from '../validate.ts';
import { centerOf } from './begin-center.ts';
import { fit } from './fit.ts';
import { type FitResult, telling } from './history.ts';
import type { FitOptions } from './options.ts';

/** How several models are trained together: what is said once holds for all, the lists say what differs. */
export interface FitAllOptions
  extends Omit<FitOptions, 'optimizer' | 'onProgress' | 'onEpoch' | 'checkpoint' | 'resume' | 'group' | 'parts'> {
  /** One for all, or one for each. */
  readonly optimizer?: FitOptions['optimizer'] | readonly NonNullable<FitOptions['optimizer']>[] | undefined;
  /** Called after every step of every model, with its place in the list. */
  readonly onProgress?:
    | ((model: number, progress: Parameters<NonNullable<FitOptions['onProgress']>>[0]) => unknown)
    | undefined;
  /** Called after every epoch of every model, likewise. */
  readonly onEpoch?: ((model: number, entry: Parameters<NonNullable<FitOptions['onEpoch']>>[0]) => unknown) | undefined;
}

/** See `fitAll` of the package. */
export async function fitAll(
  models: readonly Autoencoder[],
  examples: MatrixLike | RowSource,
  { optimizer, onProgress, onEpoch, signal, ...options }: FitAllOptions = {},
): Promise<FitResult[]> {
  if (!Array.isArray(models) || models.length === 0 || new Set(models).size < models.length) {
    throw new InputError(`models is ${show(models)}: it must be a list of models, each once`);
  }
  if (Array.isArray(optimizer) && optimizer.length !== models.length) {
    throw new InputError(
      `options.optimizer is a list of ${optimizer.length} for ${models.length} models: give one for all, or one for each`,
    );
  }
  const x = isRowSource(examples) ? examples : asView(examples, 'x');
  const stop = new AbortController();
  const stops = models.map(() => new AbortController()); // one each: Node warns of ten listeners on one
  const abort = () => end(signal?.reason);
  const end = (reason: unknown) => {
    stop.abort(reason);
    for (const each of stops) each.abort({}); // an object each: `fit` puts there what its model has come to
  };
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort);
  // c is found before: models with and without it would read other rows.
  if (isRowSource(x)) await beginCenters(models, x, stop.signal);
  const readers = isRowSource(x) ? shareSource(x, models.length) : null;
  const seed = options.seed ?? models[0].config.seed;
  const results: (FitResult | null)[] = models.map(() => null);
  const fits = models.map(async (model, i) => {
    const own = Array.isArray(optimizer) ? optimizer[i] : (optimizer as FitOptions['optimizer']);
    const tell =
      onProgress && ((progress: Parameters<NonNullable<FitOptions['onProgress']>>[0]) => onProgress(i, progress));
    const hear = onEpoch && ((entry: Parameters<NonNullable<FitOptions['onEpoch']>>[0]) => onEpoch(i, entry));
    const told = {
      ...options,
      seed,
      onProgress: tell,
      onEpoch: hear,
      signal: stops[i].signal,
      ...(own ? { optimizer: own } : {}),
    };
    try {
      return await fit(model, readers?.[i].source ?? x, told);
    } catch (thrown) {
      results[i] = (thrown as { readonly result?: FitResult } | null)?.result ?? null;
      const reason = thrown === stops[i].signal.reason ? stop.signal.reason : thrown;
      end(reason);
      throw reason;
    } finally {
      readers?.[i].leave();
    }
  });
  try {
    const ended = await Promise.allSettled(fits);
    const failed = ended.find(({ status }) => status === 'rejected') as PromiseRejectedResult | undefined;
    if (failed === undefined) return await Promise.all(fits);
    const whole = ended.map((each, i) => (each.status === 'fulfilled' ? each.value : results[i]));
    throw telling(stop.signal.aborted ? stop.signal.reason : failed.reason, 'results', whole);
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

/** c of every fresh model that is centred, by one pass over x for the means and one for the medians. */
async function beginCenters(models: readonly Autoencoder[], x: RowSource, signal: AbortSignal): Promise<void> {
  const found = new Map<unknown, View<AnyNumbers>>();
  for (const { config, engine } of models) {
    engine.assertIdle('fitAll was called');
    const [name] = engine.spec.layers.flatMap(({ center }) => center ?? []);
    if (name === undefined || !engine.fresh) continue;
    const c = found.get(config.center) ?? vector(await centerOf(config.center, x, signal));
    found.set(config.center, c);
    writeParameters(engine, { [name]: c });
    engine.fresh = false;
  }
}
