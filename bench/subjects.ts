import type { Precision } from '../src/array/matrix.ts';
import { Autoencoder, type AutoencoderConfig } from '../src/index.ts';
import { createKernels } from '../src/kernels/create.ts';
import type { CpuKernels, Kernels } from '../src/kernels/kernels.ts';
import { createReferenceKernels } from '../src/kernels/reference/reference.ts';
import type { Group } from '../src/model/group.ts';

/** How kernels run: the one place where benchmarks make kernels and models. */
export interface Runtime {
  readonly threads: number;
  /** Plain SIMD only, whose results match across machines. */
  readonly deterministic?: boolean;
  readonly kind?: 'simd' | 'reference';
  /** Of models: processes that share their latents. */
  readonly latents?: Group;
}

export function benchKernels(precision: Precision, { kind, latents: _, ...options }: Runtime): CpuKernels {
  return kind === 'reference' ? createReferenceKernels(precision) : createKernels(precision, options);
}

export function benchModel(config: AutoencoderConfig, { kind: _, ...options }: Runtime): Promise<Autoencoder> {
  return Autoencoder.create(config, options);
}

/** As the tables call them: kind and threads. */
export function nameOf(kernels: Kernels): string {
  return `rhohat ${kernels.name}, ${threadWord(kernels.threads)}`;
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
    if (seen.has(kernels.name)) kernels.dispose();
    else seen.set(kernels.name, kernels);
  }
  return [...seen.values()];
}
