import type { Engine } from './engine.ts';

/** What a model's numbers are computed by. */
export interface Runtime {
  /** simd, simd-relaxed (fused multiply-add), simd-wide, or the reference. */
  readonly kernels: string;
  /** How many work, or will once there is enough to share. */
  readonly threads: number;
  /** Where they run. */
  readonly device: 'cpu';
  /** Why other kernels or fewer threads run than are meant to, and what brings them; null where none do. */
  readonly note: string | null;
}

/** Of a model as it is now: threads that a host refuses are known once they were asked for. */
export function runtimeOf({ kernels }: Engine): Runtime {
  const { name, threads, note } = kernels;
  return { kernels: name, threads, device: 'cpu', note };
}
