import type { Saved } from '../harness/saved.ts';
import type { Rated } from '../steps/ratios.ts';
import { spread } from '../steps/table.ts';
import { PEERS, type Peer } from '../steps/torches.ts';

/** What a run of `steps` gave for one step. */
export interface Step {
  readonly ms: number;
  /** How far half of the calls lie from the median, relative. */
  readonly noise: number;
  /** Over the better way of each peer that was there. */
  readonly over: Readonly<Partial<Record<Peer, number>>>;
}

/** A line of bench/history.jsonl: one engine in one run. */
export interface Line {
  readonly commit: string | null;
  readonly date: string;
  readonly machine: string;
  /** Version, and turbo where it was on. */
  readonly engine: string;
  readonly load: number | null;
  readonly steps: Readonly<Record<string, Step>>;
}

/** Lines of a saved run; none where it has no `steps`. */
export function linesOf({ commit, machine, reports }: Saved): Line[] {
  const records = (reports.steps?.records ?? []) as unknown as readonly Rated[];
  const ours = records.filter(({ peer }) => peer === null);
  return [...new Set(ours.map(({ who }) => who))].map((engine) => ({
    commit,
    date: machine.date,
    machine: `${machine.processor}, ${machine.cores} cores`,
    engine,
    load: machine.load === null ? null : round(machine.load),
    steps: Object.fromEntries(ours.filter(({ who }) => who === engine).map((record) => [record.row, stepOf(record)])),
  }));
}

const round = (value: number) => Number(value.toPrecision(4));

function stepOf(record: Rated): Step {
  const known = PEERS.flatMap((peer) => {
    const value = record.over[peer];
    return value === null ? [] : [[peer, round(value)]];
  });
  return { ms: round(record.median), noise: round(spread(record)), over: Object.fromEntries(known) };
}
