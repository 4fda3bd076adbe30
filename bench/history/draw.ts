import { type Line as Curve, lineChart } from '../../src/figures/line-chart.ts';
import { panels } from '../../src/figures/panels.ts';
import { termColours } from '../../src/figures/theme.ts';
import type { Point } from '../../src/figures/thin.ts';
import { linearAxis } from '../../src/figures/ticks.ts';
import { PEERS, type Peer } from '../steps/torches.ts';
import type { Line, Step } from './line.ts';

const WIDTH = 540;
/** Of the axis, so that the last commit's name is not cut off. */
const ROOM = 1.06;
/** Names of commits below an axis. */
const TICKS = 8;

/** A run's lines share what they were of. */
const runOf = ({ commit, date }: Line) => `${(commit ?? date).slice(0, 7)}`;
const majorOf = ({ engine }: Line) => engine.replace(/(\d+)\.\S+/, '$1');

function figureOf({ over, ms }: Step, by: Peer | null): number | undefined {
  return by === null ? ms : over[by];
}

function chart(step: string, lines: readonly Line[], runs: readonly string[], engines: readonly string[]): string {
  const own = lines.filter(({ steps }) => step in steps);
  const by = PEERS.find((peer) => own.some(({ steps }) => steps[step].over[peer] !== undefined)) ?? null;
  const curves = engines.flatMap((engine, i): Curve[] => {
    const points = own.flatMap((line): Point[] => {
      const value = majorOf(line) === engine ? figureOf(line.steps[step], by) : undefined;
      return value === undefined ? [] : [[runs.indexOf(runOf(line)), value]];
    });
    return points.length === 0
      ? []
      : [{ name: engine, color: termColours[i % termColours.length], pieces: [points], dots: points }];
  });
  const most = Math.max(...curves.flatMap(({ pieces }) => pieces.flat().map(([, value]) => value)));
  const every = Math.ceil(runs.length / TICKS);
  const last = Math.max(1, runs.length - 1);
  return lineChart({
    title: step,
    xLabel: 'commit',
    yLabel: by === null ? 'ms' : `over PyTorch, ${by}`,
    x: {
      type: 'linear',
      domain: [0, ROOM * last],
      ticks: runs.map((_, i) => i).filter((i) => (runs.length - 1 - i) % every === 0),
      label: (i) => runs[i],
    },
    y: linearAxis(0, most),
    lines: curves,
    width: WIDTH,
  });
}

/** One SVG: a chart a step, its median by commit in the order of the lines, a curve an engine. @throws Error without lines. */
export function drawHistory(lines: readonly Line[]): string {
  const steps = [...new Set(lines.flatMap((line) => Object.keys(line.steps)))];
  if (steps.length === 0) throw new Error('there is nothing to draw: the history has no steps');
  const runs = [...new Set(lines.map(runOf))];
  const engines = [...new Set(lines.map(majorOf))].sort();
  const charts = steps.map((step) => chart(step, lines, runs, engines));
  return `${panels(charts, { columns: 2 })}\n`;
}
