import type { Called, Timing } from '../harness/measure.ts';
import { apartLoop, chainedLoop, fusedLoop } from './peak-module.ts';

const TURNS = 20_000;

/** A loop over registers, as one of the subjects of a run. */
export interface PeakSubject extends Called {
  readonly operations: number;
}

/** Two loops of multiplications and additions, and the fused one where this engine has it. */
export function peakSubjects(): PeakSubject[] {
  const kinds = [
    { name: '128-bit peak, mul then add', ...chainedLoop() },
    { name: '128-bit peak, mul beside add', ...apartLoop() },
    { name: '128-bit peak, relaxed madd', ...fusedLoop() },
  ];
  return kinds
    .filter(({ bytes }) => WebAssembly.validate(bytes))
    .map(({ name, bytes, operations, total }) => {
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
      const loop = exports.run as (turns: number, factor: number, term: number) => number;
      const found = loop(TURNS, 1, 1);
      if (found !== total(TURNS)) {
        throw new Error(`${name}: the registers give ${found}, not ${total(TURNS)}: nothing was timed`);
      }
      return { name, operations: TURNS * operations, run: () => loop(TURNS, 1, 1) };
    });
}

/** The best loop's GFLOP/s on one thread, from its fastest call in the run: a peak is what can be reached. */
export function peak(subjects: readonly PeakSubject[], timings: readonly Timing[]): number {
  const rates = subjects.map(({ name, operations }) => {
    const timing = timings.find((each) => each.name === name);
    return timing === undefined ? 0 : operations / timing.least / 1e6;
  });
  return Math.max(...rates);
}
