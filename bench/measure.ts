import { Bench } from 'tinybench';

/** Something to time. A promise is awaited inside the timed part. */
export interface Subject {
  readonly name: string;
  run(): unknown;
}

/** Milliseconds a call, over all rounds. */
export interface Timing {
  readonly name: string;
  readonly median: number;
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

export const effort = { full: { rounds: 5, roundTime: 250 }, smoke: { rounds: 2, roundTime: 5 } } as const;

function quantile(sorted: readonly number[], q: number): number {
  const at = q * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

/**
 * Times the subjects side by side. Each round calls every subject in turn, so that a slow minute of a shared machine
 * falls on all of them; medians are taken over all rounds. Each turn begins with an untimed call, which brings the
 * subject's own data back into the caches; in the first round such calls go on until the compiler has settled.
 */
export async function measure(subjects: readonly Subject[], { rounds, roundTime }: Effort): Promise<Timing[]> {
  const samples = new Map<string, number[]>(subjects.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    const bench = new Bench({
      iterations: 1,
      time: roundTime,
      warmupIterations: 1,
      warmupTime: round === 0 ? roundTime : 0,
      retainSamples: true,
      throws: true,
    });
    for (const subject of subjects) bench.add(subject.name, () => subject.run());
    for (const task of await bench.run()) {
      const { result } = task;
      if (result.state !== 'completed') throw new Error(`${task.name}: ${result.state}`);
      samples.get(task.name)?.push(...(result.latency.samples ?? []));
    }
  }
  return [...samples].map(([name, values]) => {
    const sorted = values.sort((x, y) => x - y);
    return {
      name,
      median: quantile(sorted, 0.5),
      low: quantile(sorted, 0.25),
      high: quantile(sorted, 0.75),
      samples: sorted.length,
    };
  });
}
