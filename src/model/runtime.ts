import type { Adapter, KernelChoice } from '../kernels/kernels.ts';
import type { Engine } from './engine.ts';

/** What a model's numbers are computed by. Plain JSON. */
export interface Runtime {
  /** simd, simd-relaxed (fused multiply-add), simd-wide, or the reference; webgpu on a GPU. */
  readonly kernels: string;
  /** How many work, or will once there is enough to share. */
  readonly threads: number;
  /** Where they run. */
  readonly device: 'cpu' | 'gpu';
  /** The GPU; null on a processor. */
  readonly adapter: Omit<Adapter, 'limits'> | null;
  /** Of the GPU, in bytes; null on a processor. */
  readonly limits: Adapter['limits'] | null;
  /** Where `kernels: 'auto'` chose: what, and what it measured. */
  readonly chosen: KernelChoice | null;
  /** Why other kernels or fewer threads run than are meant to, and what brings them; null where none do. */
  readonly note: string | null;
}

/** Of a model as it is now: threads that a host refuses are known once they were asked for. */
export function runtimeOf({ kernels, why }: Engine): Runtime {
  const { name, threads, adapter = null } = kernels;
  const note = [why.note, kernels.note].filter((part) => part !== null).join('; ');
  return {
    ...{ kernels: name, threads, device: adapter === null ? 'cpu' : 'gpu' },
    ...{ adapter: null, limits: null },
    ...(adapter === null ? {} : described(adapter)),
    ...{ chosen: why.chosen, note: note === '' ? null : note },
  };
}

/** Names and limits that are plain, whatever the kernels hold. */
function described({ vendor, architecture, description, limits }: Adapter): Pick<Runtime, 'adapter' | 'limits'> {
  const { largestBuffer, largestBinding } = limits;
  return { adapter: { vendor, architecture, description }, limits: { largestBuffer, largestBinding } };
}
