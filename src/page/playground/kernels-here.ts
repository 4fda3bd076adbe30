import { EngineError } from '../../errors.ts';
import { Autoencoder } from '../../model/autoencoder.ts';
import type { AutoencoderConfig } from '../../model/config.ts';
import type { CreateOptions } from '../../model/kernel-options.ts';
import type { Runtime } from '../../model/runtime.ts';
import type { EngineName } from './engines.ts';

/** One thread, and bits that do not depend on the machine. */
const WANTED = { threads: 1, deterministic: true } as const;
/** Where no WebAssembly with SIMD runs, or what runs is chosen for its speed. */
const ANY = { threads: 1 } as const;

/** Examples of a step, which `auto` times. */
export const BATCH = 100;

/** A model, and why the processor runs it where the graphics card was asked for. */
export interface Made<T> {
  readonly made: T;
  readonly instead: string | null;
}

/**
 * Makes a model with the kernels that are wanted, or, where they do not run, with others: the processor's for the graphics
 * card's, the slower ones for WebAssembly's. `chosen` is what `auto` found before.
 */
export async function withKernels<T>(
  engine: EngineName,
  make: (options: CreateOptions) => Promise<T>,
  chosen: Runtime['chosen'] = null,
): Promise<Made<T>> {
  if (engine === 'cpu') return { made: await onProcessor(make), instead: null };
  if (engine === 'auto') {
    const made = await make({ ...ANY, kernels: 'auto', batchSize: BATCH, chosen });
    return { made, instead: null };
  }
  try {
    return { made: await make({ kernels: 'webgpu' }), instead: null };
  } catch (error) {
    const made = await onProcessor(make); // or fails for what is wrong on either
    const { message } = error as Error;
    const instead = /float64/.test(message) ? 'the model is in float64, which graphics cards do not compute' : message;
    return { made, instead };
  }
}

async function onProcessor<T>(make: (options: CreateOptions) => Promise<T>): Promise<T> {
  try {
    return await make(WANTED);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return make(ANY);
  }
}

/** A new model of a config. */
export function createModel(
  config: AutoencoderConfig,
  engine: EngineName,
  chosen: Runtime['chosen'] = null,
): Promise<Made<Autoencoder>> {
  return withKernels(engine, (options) => Autoencoder.create(config, options), chosen);
}

/** The options by which a program makes the same model run likewise. */
export function optionsLike({ device, chosen }: Pick<Runtime, 'device' | 'chosen'>): CreateOptions {
  if (device === 'gpu') return { kernels: 'webgpu' };
  return chosen === null ? { deterministic: true } : ANY;
}
