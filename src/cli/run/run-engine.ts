import type { CreateOptions } from '../../model/kernel-options.ts';
import type { Runtime } from '../../model/runtime.ts';
import { adapterName } from '../../report/ran-on.ts';
import { planFit } from '../../training/options.ts';
import type { Run } from '../../training/run.ts';
import { assertDevice, type EngineFlags, kernelOptions } from '../flags/engine-flags.ts';
import type { RunSettings } from './run-settings.ts';

/** Examples of a step that is timed. */
const LARGEST = 10_000;

/**
 * How a run's model is created: by its settings, where no flag says otherwise; what `auto` chose when it began is kept.
 * @throws InputError where they do not go together.
 */
export function engineOf(
  settings: RunSettings,
  flags: EngineFlags,
  { examples, together }: { readonly examples: number; readonly together: boolean },
): { engine: CreateOptions; engineFlags: EngineFlags } {
  const { device, deterministic, fastFloat64, turbo } = settings;
  const engineFlags = { device, deterministic, fastFloat64, turbo, ...defined(flags) };
  assertDevice(engineFlags, { precision: settings.run.model.precision, together });
  if (engineFlags.device !== 'auto') return { engine: kernelOptions(engineFlags), engineFlags };
  // Where nothing could be timed, whoever says auto again asks anew: there may be a GPU by now.
  const asksAnew = flags.device === 'auto' && settings.chosen?.cpu === undefined;
  const chosen = asksAnew ? undefined : settings.chosen;
  const engine = { ...kernelOptions(engineFlags), ...timedBatch(settings.run.fit, examples), chosen };
  return { engine, engineFlags };
}

function defined({ device, threads, deterministic, fastFloat64, turbo }: EngineFlags): EngineFlags {
  const given = { device, threads, deterministic, fastFloat64, turbo };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** The batches of a run, for `auto`; of the whole set, no more than is timed soon. */
export function timedBatch(fit: Run['fit'], examples: number): { batchSize: number } {
  return { batchSize: Math.min(LARGEST, planFit(fit, examples, 1).batchSize) };
}

/** What of a model's runtime is kept with its run. */
export function ranOnSettings({ chosen, adapter }: Runtime): Pick<RunSettings, 'chosen' | 'adapter'> {
  return {
    ...(chosen === null ? {} : { chosen }),
    ...(adapter === null ? {} : { adapter: adapterName(adapter) }),
  };
}
