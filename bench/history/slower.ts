import { median } from '../../src/array/quantile.ts';
import { PEERS, type Peer } from '../steps/torches.ts';
import type { Line, Step } from './line.ts';

/** Runs before the last that it is compared with, at most. */
const BEFORE = 5;
/** Differences up to this share are none, however quiet the runs were. */
const LEAST_NOISE = 0.03;

/** A step that takes longer than in the runs before, by more than their noise. */
export interface Slower {
  readonly engine: string;
  readonly step: string;
  /** Over this peer, or milliseconds where there is none that all have. */
  readonly by: Peer | 'ms';
  readonly before: number;
  readonly now: number;
  readonly noise: number;
}

/** What compares best: the ratio to the widest peer that all runs have, as the machine's state falls on both. */
function measureOf(steps: readonly Step[]): Peer | 'ms' {
  return PEERS.find((peer) => steps.every(({ over }) => over[peer] !== undefined)) ?? 'ms';
}

function figureOf(step: Step, by: Peer | 'ms'): number {
  return by === 'ms' ? step.ms : (step.over[by] ?? Number.NaN);
}

/** The same V8 on the same machine: its major version, and turbo. */
function engineOf({ machine, engine }: Line): string {
  return `${machine} ${engine.replace(/(\d+)\.\S+/, '$1')}`;
}

/** The last of the runs against up to five before it: base, and how far they lie from each other and from themselves. */
function compared(now: Step, before: readonly Step[]): Pick<Slower, 'by' | 'before' | 'now' | 'noise'> {
  const by = measureOf([now, ...before]);
  const values = before.map((step) => figureOf(step, by));
  const base = median(values);
  const apart = (Math.max(...values) - base) / base;
  const noise = Math.max(LEAST_NOISE, now.noise, apart, median(before.map((step) => step.noise)));
  return { by, before: base, now: figureOf(now, by), noise };
}

/** What became slower with the last run of every engine. A step's last run is the last line that has it. */
export function slower(lines: readonly Line[]): Slower[] {
  const engines = [...new Set(lines.map(engineOf))];
  return engines.flatMap((engine) => {
    const own = lines.filter((line) => engineOf(line) === engine);
    const last = own[own.length - 1];
    return Object.entries(last.steps).flatMap(([step, now]) => {
      const before = own
        .slice(0, -1)
        .flatMap((line) => line.steps[step] ?? [])
        .slice(-BEFORE);
      if (before.length === 0) return [];
      const found = compared(now, before);
      return found.now > found.before * (1 + found.noise) ? [{ engine: last.engine, step, ...found }] : [];
    });
  });
}
