import { getMachine } from '../../src/kernels/simd/machine.ts';

/** What one kernel took while it was watched. */
export interface KernelTime {
  readonly kernel: string;
  readonly calls: number;
  /** Milliseconds, on the calling thread: its own share of the work, and the wait for the other threads. */
  readonly time: number;
}

/** Runs `task` and sums the time of every kernel call of the process, by kernel; the longest first. */
export async function kernelTimes(task: () => Promise<unknown>): Promise<{ total: number; kernels: KernelTime[] }> {
  const machine = getMachine();
  if (machine === null) throw new Error('there are no SIMD kernels here to profile');
  const times = new Map<string, { calls: number; time: number }>();
  const { run } = machine;
  machine.run = (kernel, ...rest) => {
    const begin = performance.now();
    run.call(machine, kernel, ...rest);
    const entry = times.get(kernel) ?? { calls: 0, time: 0 };
    entry.calls++;
    entry.time += performance.now() - begin;
    times.set(kernel, entry);
  };
  const begin = performance.now();
  try {
    await task();
  } finally {
    machine.run = run;
  }
  const total = performance.now() - begin;
  const kernels = [...times].map(([kernel, entry]) => ({ kernel, ...entry }));
  return { total, kernels: kernels.sort((x, y) => y.time - x.time) };
}
