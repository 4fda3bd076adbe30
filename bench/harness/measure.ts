import { Bench } from 'tinybench';
import { median, quantile } from '../../src/array/quantile.ts';

/** Something that this process times. */
export interface Called {
  readonly name: string;
  run(): unknown;
  /** Whether `run` returns a promise, which is then awaited inside the timed part. Default false. */
  readonly isAsync?: boolean;
  /** Untimed, before each round: to select a backend. */
  begin?(): Promise<unknown>;
  /** How many units of work a call does; its time is divided by them. Default 1. */
  readonly units?: number;
}

/** Something that times itself, such as another process: milliseconds of each call of one round. */
export interface SelfTimed {
  readonly name: string;
  samples(warmup: number, time: number): Promise<readonly number[]>;
}

export type Subject = Called | SelfTimed;

/** Milliseconds a unit of work, over all rounds. */
export interface Timing {
  readonly name: string;
  readonly median: number;
  /** The fastest call. */
  readonly least: number;
  /** 25th and 75th percentile: half of the calls lie between. */
  readonly low: number;
  readonly high: number;
  readonly samples: number;
}

export interface Effort {
  readonly rounds: number;
  /** A subject is called at least once a round, and until this many milliseconds have passed. */
  readonly roundTime: number;
}

export const effort = { full: { rounds: 5, roundTime: 200 }, smoke: { rounds: 2, roundTime: 2 } } as const;

function unitsOf(subject: Subject): number {
  return ('units' in subject ? subject.units : undefined) ?? 1;
}

function runNow(subject: Called): void {
  if (subject.run() instanceof Promise) throw new Error(`${subject.name} is asynchronous and does not say so`);
}

/** One round of a subject that is called from here: milliseconds of each call. */
export async function callForRound(subject: Called, time: number, warmupTime: number, warmupIterations: number) {
  await subject.begin?.();
  const bench = new Bench({
    iterations: 1,
    time,
    warmup: warmupIterations > 0,
    warmupIterations,
    warmupTime,
    retainSamples: true,
    throws: true,
  });
  // tinybench would find out by a call that it does not await.
  const { isAsync = false } = subject;
  bench.add(subject.name, isAsync ? async () => void (await subject.run()) : () => runNow(subject), { async: isAsync });
  const [{ result }] = await bench.run();
  if (result.state !== 'completed') throw new Error(`${subject.name}: ${result.state}`);
  return (result.latency.samples ?? []).map((milliseconds) => milliseconds / unitsOf(subject));
}

/**
 * Times the subjects side by side. Each round calls every subject in turn, so that a slow minute of a shared machine
 * falls on all of them; medians are taken over all rounds. Each turn begins with an untimed call, which brings the
 * subject's own data back into the caches, unless a call outlasts the round; in the first round such calls go on until
 * the compiler has settled.
 */
export async function measure(subjects: readonly Subject[], { rounds, roundTime }: Effort): Promise<Timing[]> {
  const samples = new Map<string, number[]>();
  for (const { name } of subjects) {
    if (samples.has(name)) throw new Error(`two subjects are called '${name}'`);
    samples.set(name, []);
  }
  for (let round = 0; round < rounds; round++) {
    const warmup = round === 0 ? roundTime : 0;
    for (const subject of subjects) {
      const own = samples.get(subject.name) ?? [];
      const outlasts = round > 0 && (own[own.length - 1] ?? 0) * unitsOf(subject) > roundTime;
      const more =
        'samples' in subject
          ? await subject.samples(warmup, roundTime)
          : await callForRound(subject, roundTime, warmup, outlasts ? 0 : 1);
      for (const each of more) own.push(each); // too many to spread
    }
  }
  return [...samples].map(([name, values]) => timing(name, values));
}

/** Quartiles of samples. */
export function timing(name: string, samples: readonly number[]): Timing {
  const sorted = [...samples].sort((x, y) => x - y);
  return {
    name,
    median: median(sorted),
    least: sorted[0],
    low: quantile(sorted, 0.25),
    high: quantile(sorted, 0.75),
    samples: sorted.length,
  };
}
