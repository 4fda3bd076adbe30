import { allgather, allreduce, type Wire } from './collectives.ts';
import type { Compute, Work } from './compute.ts';

/** How processes share a step: rows of the batch, or latents of the dictionary. */
export type Sharing = 'data' | 'latents';

const FLOAT = 4;
/** What one process addresses: WebAssembly's memory with 32 bits. */
export const ADDRESSED = 2 ** 32;

/** n: numbers of θ, W and D of h rows, b and c. */
export function parameters({ inputs, hidden }: Pick<Work, 'inputs' | 'hidden'>): number {
  return 2 * inputs * hidden + hidden + inputs;
}

/** Bytes of θ, ∇θ and what the optimizer keeps: one vector of momentum, two of Adam. */
export function stateBytes(work: Work): number {
  return (work.kind === 'kl' ? 3 : 4) * FLOAT * parameters(work);
}

/** What one of p processes does of the step: its rows, or its latents with their survivors. */
export function shareOfWork(work: Work, p: number, sharing: Sharing): Work {
  if (sharing === 'data') return { ...work, batch: work.batch / p };
  return { ...work, hidden: work.hidden / p, k: work.k / p, auxiliary: (work.auxiliary ?? 0) / p };
}

/** Whether every process has a row, or k latents, and its state is within what it addresses. */
export function fits(work: Work, p: number, sharing: Sharing): boolean {
  const own = shareOfWork(work, p, sharing);
  const enough = sharing === 'data' ? own.batch >= 1 : own.hidden >= work.k;
  return enough && stateBytes(own) <= ADDRESSED;
}

/** A message of a step: what is summed, or gathered from each, in bytes. */
export interface Message {
  readonly kind: 'sum' | 'gather';
  readonly bytes: number;
}

/**
 * What travels in a step. Of data-parallel training the gradient, n numbers, beside the statistics (h) and the cost. Of sharded
 * latents the k best values of each row from every process, the m·d numbers of the reconstruction, both again for AuxK, and the
 * cost.
 */
export function messages(work: Work, sharing: Sharing): readonly Message[] {
  const { kind, inputs, hidden, k, auxiliary = 0, batch } = work;
  const cost = { kind: 'sum', bytes: 8 * 8 } as const;
  if (sharing === 'data') {
    const statistics = { kind: 'sum', bytes: FLOAT * hidden } as const;
    return [{ kind: 'sum', bytes: FLOAT * parameters(work) }, ...(kind === 'kl' ? [statistics] : []), cost];
  }
  const codes = [k, auxiliary].filter((count) => count > 0);
  const chosen = codes.flatMap((count): Message[] => [
    { kind: 'gather', bytes: FLOAT * batch * count },
    { kind: 'sum', bytes: FLOAT * batch * inputs },
  ]);
  return [...chosen, cost];
}

/** Seconds that a step's messages take among p processes, one after the other. */
export function communication(work: Work, p: number, sharing: Sharing, wire: Wire): number {
  if (p === 1) return 0;
  const seconds = messages(work, sharing).map(({ kind, bytes }) =>
    kind === 'sum' ? allreduce(p, bytes, wire) : allgather(p, bytes, wire),
  );
  return seconds.reduce((sum, one) => sum + one, 0);
}

/** T(p) in seconds: what one process computes, then what all of them send; nothing overlaps. */
export function stepSeconds(work: Work, p: number, sharing: Sharing, wire: Wire, compute: Compute): number {
  return compute.seconds(shareOfWork(work, p, sharing)) + communication(work, p, sharing, wire);
}

/** T(1)/T(p), where T(1) is what one process would take that could address it all. */
export function speedUp(work: Work, p: number, sharing: Sharing, wire: Wire, compute: Compute): number {
  return compute.seconds(work) / stepSeconds(work, p, sharing, wire, compute);
}

/** The p among `counts` with the least T(p), of those that fit; null where none does. */
export function fastest(
  work: Work,
  counts: readonly number[],
  sharing: Sharing,
  wire: Wire,
  compute: Compute,
): { readonly p: number; readonly seconds: number } | null {
  let best: { p: number; seconds: number } | null = null;
  for (const p of counts) {
    if (!fits(work, p, sharing)) continue;
    const seconds = stepSeconds(work, p, sharing, wire, compute);
    if (best === null || seconds < best.seconds) best = { p, seconds };
  }
  return best;
}
