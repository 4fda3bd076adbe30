import type { Runtime } from '../../model/runtime.ts';
import type { FoundCheckpoint } from '../../node/checkpoint-file.ts';
import { adapterName } from '../../report/ran-on.ts';
import { say } from '../output.ts';

/** How the run was. */
interface Before {
  /** How many there were, and how many there are. */
  readonly processes: readonly [number, number];
  /** The GPU that it began on, by name. */
  readonly adapter?: string | undefined;
}

/** On stderr: what is not as it would have been without the interruption. */
export function tellResumed(
  { checkpoint: { kernels, position }, path, note }: FoundCheckpoint,
  { kernels: own, adapter }: Pick<Runtime, 'kernels' | 'adapter'>,
  { processes: [before, now], adapter: gpu }: Before,
): void {
  if (note !== null) say(`rhohat: ${note}; going on from ${path}, step ${position.step}`);
  if (before !== now) {
    say(
      `rhohat: the run was of ${countOf(before)} and goes on with ${countOf(now)}: its last digits differ from those of an uninterrupted one`,
    );
  }
  const other = adapter && gpu !== undefined && adapterName(adapter) !== gpu ? adapterName(adapter) : null;
  if (bitsOf(kernels) === bitsOf(own)) {
    if (other !== null) say(`rhohat: the run began on ${gpu} and goes on with ${other}: its last digits may differ`);
    return;
  }
  say(
    `rhohat: the run was on ${kernels} kernels and goes on with ${own}: its bits differ from those of an uninterrupted one`,
  );
}

/** The command that goes on with a run, to the same bits. */
export function resuming(path: string, processes = 1): string {
  return `${processes > 1 ? `mpirun -n ${processes} ` : ''}rhohat train --resume ${path}`;
}

const countOf = (processes: number) => `${processes} ${processes === 1 ? 'process' : 'processes'}`;

/** Of kernels by name: a wide tile adds in the order of a relaxed one. */
function bitsOf(kernels: string): string {
  return kernels === 'simd-wide' ? 'simd-relaxed' : kernels;
}
