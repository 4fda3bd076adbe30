import { EngineError } from '../../errors.ts';
import { Autoencoder } from '../../model/autoencoder.ts';
import type { AutoencoderConfig } from '../../model/config.ts';
import type { CreateOptions } from '../../model/kernel-options.ts';

/** One thread, and bits that do not depend on the machine. */
const WANTED = { threads: 1, deterministic: true } as const;
/** Where no WebAssembly with SIMD runs. */
const SLOW = { threads: 1 } as const;

/** Makes a model with the kernels that are wanted, or, where they do not run, with the slower ones. */
export async function withKernels<T>(make: (options: CreateOptions) => Promise<T>): Promise<T> {
  try {
    return await make(WANTED);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return make(SLOW);
  }
}

/** A new model of a config. */
export function createModel(config: AutoencoderConfig): Promise<Autoencoder> {
  return withKernels((options) => Autoencoder.create(config, options));
}
