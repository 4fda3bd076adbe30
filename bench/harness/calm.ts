import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/** Clock ticks of the processors: busy, and all. */
interface Ticks {
  readonly busy: number;
  readonly all: number;
}

/** Of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal. */
export function readTicks(stat: string): Ticks {
  const [first] = stat.split('\n');
  const counts = first.split(/\s+/).slice(1, 9).map(Number);
  const all = counts.reduce((sum, count) => sum + count, 0);
  return { all, busy: all - counts[3] - counts[4] };
}

/** Ticks of this process and of its children that have ended, of /proc/self/stat: utime, stime, cutime, cstime. */
export function readOwn(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
}

const ticks = () => readTicks(readFileSync('/proc/stat', 'utf8'));
const own = () => readOwn(readFileSync('/proc/self/stat', 'utf8'));

const IDLE = 0.9;
const POLL = 150;
const TRIES = 200;

async function untilIdle(): Promise<void> {
  for (let i = 0; i < TRIES; i++) {
    const before = ticks();
    await wait(POLL);
    const after = ticks();
    if (after.busy - before.busy <= (1 - IDLE) * (after.all - before.all)) return;
  }
}

/**
 * Runs a measurement, by this process or children that it waits for, until one was taken while others had at most this share of
 * the processors. For machines that are shared, on Linux; each try begins when the processors are idle.
 * @throws Error where none was
 */
export async function calmly<T>(share: number | null, run: () => Promise<T>): Promise<T> {
  if (share === null) return run();
  for (let i = 0; i < TRIES; i++) {
    await untilIdle();
    const [before, mine] = [ticks(), own()];
    const result = await run();
    const [after, others] = [ticks(), own() - mine];
    if (after.busy - before.busy - others <= share * (after.all - before.all)) return result;
  }
  throw new Error(`others were busy during each of ${TRIES} tries: --calm ${share}`);
}
