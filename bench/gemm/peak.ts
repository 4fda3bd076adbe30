import type { Called, Timing } from '../harness/measure.ts';
import { OPERATIONS_A_TURN, peakModule, SUMS } from './peak-module.ts';

const TURNS = 20_000;

/** A loop over registers, as one of the subjects of a run. */
export interface PeakSubject extends Called {
  readonly operations: number;
}

/** The loop with multiplication and addition, and the fused one where this engine has it. */
export function peakSubjects(): PeakSubject[] {
  const kinds = [
    { name: '128-bit peak, mul and add', bytes: peakModule(false) },
    { name: '128-bit peak, relaxed madd', bytes: peakModule(true) },
  ];
  return kinds
    .filter(({ bytes }) => WebAssembly.validate(bytes))
    .map(({ name, bytes }) => {
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
      const loop = exports.run as (turns: number, factor: number, term: number) => number;
      // s ← s/2 + 1 tends to 2: finite, no subnormal numbers.
      const total = loop(TURNS, 0.5, 1);
      if (total !== 2 * SUMS) throw new Error(`${name}: the sums give ${total}, not ${2 * SUMS}: nothing was timed`);
      return { name, operations: TURNS * OPERATIONS_A_TURN, run: () => loop(TURNS, 0.5, 1) };
    });
}

/** The better loop's GFLOP/s on one thread, from its median in the run. */
export function peak(subjects: readonly PeakSubject[], timings: readonly Timing[]): number {
  const rates = subjects.map(({ name, operations }) => {
    const timing = timings.find((each) => each.name === name);
    return timing === undefined ? 0 : operations / timing.median / 1e6;
  });
  return Math.max(...rates);
}
