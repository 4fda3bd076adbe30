import { median } from '../../src/array/quantile.ts';
import { getMachine } from '../../src/kernels/simd/machine.ts';

/** What one kernel takes in a run. */
export interface KernelTime {
  readonly kernel: string;
  readonly calls: number;
  /** Milliseconds, on the calling thread: its own share of the work, and the wait for the other threads. */
  readonly time: number;
}

/** What a run takes. */
export interface RunTime {
  readonly kernels: KernelTime[];
  /** Milliseconds outside of kernels. */
  readonly outside: number;
}

/**
 * Times every kernel call of the process during some runs, prepared to be alike, by kernel, the longest first. A call with the
 * same arguments, at the same place of a step, counts with its median, so that other work on the machine does not.
 */
export async function kernelTimes(
  prepare: () => unknown,
  run: () => Promise<unknown>,
  milliseconds: number,
): Promise<RunTime> {
  const machine = getMachine();
  if (machine === null) throw new Error('there are no SIMD kernels here to profile');
  const samples = new Map<string, number[]>();
  const outside: number[] = [];
  let inside = 0;
  const original = machine.run;
  machine.run = (kernel, ...rest) => {
    const begin = performance.now();
    original.call(machine, kernel, ...rest);
    const time = performance.now() - begin;
    inside += time;
    const call = `${kernel} ${rest}`;
    const known = samples.get(call);
    if (known === undefined) samples.set(call, [time]);
    else known.push(time);
  };
  const end = performance.now() + milliseconds;
  try {
    do {
      prepare();
      inside = 0;
      const begin = performance.now();
      await run();
      outside.push(performance.now() - begin - inside);
    } while (performance.now() < end);
  } finally {
    machine.run = original;
  }
  const times = new Map<string, { calls: number; time: number }>();
  for (const [call, values] of samples) {
    const kernel = call.slice(0, call.indexOf(' '));
    const entry = times.get(kernel) ?? { calls: 0, time: 0 };
    entry.calls += values.length / outside.length;
    entry.time += (values.length / outside.length) * median(values.sort((x, y) => x - y));
    times.set(kernel, entry);
  }
  const kernels = [...times].map(([kernel, entry]) => ({ kernel, ...entry })).sort((x, y) => y.time - x.time);
  return { kernels, outside: median(outside.sort((x, y) => x - y)) };
}
