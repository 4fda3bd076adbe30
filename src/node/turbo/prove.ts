import { type Failure, runTrial } from './trial-process.ts';

/** What a proof has come to. */
export interface Proof {
  readonly proved: boolean;
  /** For a person: how, or why not. */
  readonly why: string;
  /** Whether it would be no other the next time. */
  readonly lasting: boolean;
}

/** What the proof goes by; for tests, the parts that can fail. */
export interface Proving {
  /** The file that a process of the proof runs. */
  readonly program: string;
  /** Of each process. */
  readonly limitMs: number;
}

/** Products must be clearly the faster. */
const MARGIN = 1.15;
/** Kernels that a verdict names. */
const NAMED = 3;

/**
 * Proves turbo on this machine: two throw-away processes run every kernel on awkward shapes and strides, one with the flag, one without.
 * It is proved where all bits are equal, and products are faster. What it costs stands in docs/guides/speed-and-threads.md.
 */
export async function prove({ program, limitMs }: Proving): Promise<Proof> {
  const begun = performance.now();
  const [plain, turbo] = await Promise.all([runTrial(program, false, limitMs), runTrial(program, true, limitMs)]);
  if ('failure' in turbo) return refused(turbo);
  if ('failure' in plain) return refused({ ...plain, failure: `without turbo, ${plain.failure}` });
  const names = new Set([...Object.keys(plain.digests), ...Object.keys(turbo.digests)]);
  const differing = [...names].filter((name) => plain.digests[name] !== turbo.digests[name]);
  if (differing.length > 0 || names.size === 0) {
    const rest = differing.length > NAMED ? ` and ${differing.length - NAMED} more` : '';
    return refused({
      failure: `kernels gave other bits: ${differing.slice(0, NAMED).join(', ')}${rest}`,
      lasting: true,
    });
  }
  const times = `${turbo.gain.toFixed(2)} times as fast`;
  if (turbo.gain < MARGIN)
    return refused({ failure: `products are ${times} with it, which is not enough`, lasting: true });
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  return { proved: true, why: `proved here in ${seconds} s: the same bits, products ${times}`, lasting: true };
}

function refused({ failure, lasting }: Failure): Proof {
  return { proved: false, why: failure, lasting };
}
