import type { Timing } from '../harness/measure.ts';
import { PEERS, type Peer } from './torches.ts';

/** A row's timing of one engine, or of one way of a peer. */
export interface Measured extends Timing {
  readonly row: string;
  readonly who: string;
  /** Of a peer. */
  readonly peer: Peer | null;
  /** What a peer has several of: the better counts. */
  readonly way: string;
  readonly kernels: string | null;
}

export type Rated = Measured & {
  /** The median over that of the peer's better way in the same row; null where there is none. */
  readonly over: Readonly<Record<Peer, number | null>>;
};

/** The timings of one row, each beside the peers'. */
export function withRatios(timings: readonly Measured[]): Rated[] {
  const best = (peer: Peer) => Math.min(...timings.filter((one) => one.peer === peer).map(({ median }) => median));
  const bests = PEERS.map((peer) => [peer, best(peer)] as const);
  return timings.map((timing) => ({
    ...timing,
    over: Object.fromEntries(
      bests.map(([peer, median]) => [peer, Number.isFinite(median) ? timing.median / median : null]),
    ) as Rated['over'],
  }));
}
