import { fillNormal, stream } from '../../../array/random.ts';

/** What is drawn once. Never renumber: data would change. Rows take the counters from `ROWS` on. */
const COUNTERS = { directions: 0, bias: 1, factors: 2, deviations: 3 } as const;
export const ROWS = 16;

/** Normal numbers of a benchmark's set-up. */
export function drawOnce(what: keyof typeof COUNTERS, length: number, seed: number): Float64Array {
  return fillNormal(new Float64Array(length), { seed, stream: stream.synthSaeBench, counter: COUNTERS[what] });
}
