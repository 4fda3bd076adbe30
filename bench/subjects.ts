import type { Precision } from '../src/array/matrix.ts';
import { Autoencoder, type AutoencoderConfig } from '../src/index.ts';
import { createKernels } from '../src/kernels/create.ts';
import type { Kernels } from '../src/kernels/kernels.ts';

/** How kernels run: the one place where benchmarks make kernels and models. */
export interface Runtime {
  readonly threads: number;
  /** Plain SIMD only, whose results match across machines. */
  readonly deterministic?: boolean;
  readonly kind?: 'simd' | 'reference';
}

// A function that takes fewer arguments has these types too: kinds of kernels that need no options ignore them.
const create: (precision: Precision, runtime: Runtime) => Kernels = createKernels;
const createAutoencoder: (config: AutoencoderConfig, runtime: Runtime) => Promise<Autoencoder> = Autoencoder.create;

export function benchKernels(precision: Precision, runtime: Runtime): Kernels {
  return create(precision, runtime);
}

export function benchModel(config: AutoencoderConfig, runtime: Runtime): Promise<Autoencoder> {
  return createAutoencoder(config, runtime);
}

/** The threads that kernels run on: 1 where they do not say. */
export function threadsOf(kernels: Kernels & { readonly threads?: number }): number {
  return kernels.threads ?? 1;
}

/** Frees what the kernels hold, where they hold anything. */
export function release(kernels: Kernels & { dispose?(): void }): void {
  kernels.dispose?.();
}

/** As the tables call them: kind and threads. */
export function nameOf(kernels: Kernels): string {
  return `rhohat ${kernels.name}, ${threadWord(threadsOf(kernels))}`;
}

export function threadWord(threads: number): string {
  return threads === 1 ? '1 thread' : `${threads} threads`;
}

/** Default kernels, deterministic ones and the reference, each kind once. */
export function kernelKinds(precision: Precision, threads: number): Kernels[] {
  const kinds = [{ threads }, { threads, deterministic: true }, { threads, kind: 'reference' }] as const;
  const seen = new Map<string, Kernels>();
  for (const runtime of kinds) {
    const kernels = benchKernels(precision, runtime);
    if (seen.has(kernels.name)) release(kernels);
    else seen.set(kernels.name, kernels);
  }
  return [...seen.values()];
}
