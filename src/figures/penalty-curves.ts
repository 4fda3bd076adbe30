import { InputError } from '../errors.ts';
import { type Line, lineChart } from './line-chart.ts';
import { ruleX, text } from './plot.ts';
import { colours } from './theme.ts';
import type { Point } from './thin.ts';
import { linearAxis, shortNumber } from './ticks.ts';

const VALUE = colours.blue;
const SLOPE = colours.vermilion;
const TARGET = colours.purple;
const FARTHEST = 2;
const PIECES = 600;

/** Size of a figure. */
export interface FigureSize {
  /** In pixels; default 760. */
  readonly width?: number | undefined;
}

/** L1, |w|, and its derivative, sign(w): ±1 however small w is, and 0 at 0 itself. A standalone SVG. */
export function l1Curves({ width }: FigureSize = {}): string {
  const slope: Line = {
    name: 'derivative sign(w)',
    color: SLOPE,
    pieces: [
      [
        [-FARTHEST, -1],
        [0, -1],
      ],
      [
        [0, 1],
        [FARTHEST, 1],
      ],
    ],
    dots: [[0, 0]],
  };
  return weightChart('L1: the slope is the same at every distance from 0', 'L1 |w|', Math.abs, slope, width);
}

/**
 * L2, w², and its derivative, 2w: it fades as w nears 0. Without the factor λ/2 of weight decay (λ/2)w², whose
 * derivative is λw. A standalone SVG.
 */
export function l2Curves({ width }: FigureSize = {}): string {
  const slope = { name: 'derivative 2w', color: SLOPE, pieces: [sample(-FARTHEST, FARTHEST, (w) => 2 * w)] };
  return weightChart('L2: the slope fades on the way to 0', 'L2 w²', (w) => w * w, slope, width);
}

/**
 * The KL penalty of one unit over its mean activation ρ̂, KL(ρ‖ρ̂) = ρ log(ρ/ρ̂) + (1−ρ) log((1−ρ)/(1−ρ̂)): 0 at ρ̂ = ρ,
 * and its derivative −ρ/ρ̂ + (1−ρ)/(1−ρ̂). Both are without bound at 0 and 1, where the figure cuts them off. A standalone
 * SVG. Throws an InputError unless 0 < ρ < 1.
 * [Ng, CS294A notes, §3, the figure for ρ = 0.2]
 */
export function klCurve({ target = 0.2, width }: { readonly target?: number } & FigureSize = {}): string {
  if (!(target > 0 && target < 1)) {
    throw new InputError(`target is ${target}: give ρ, strictly between 0 and 1`);
  }
  const kl = (r: number) => target * Math.log(target / r) + (1 - target) * Math.log((1 - target) / (1 - r));
  const slope = (r: number) => -target / r + (1 - target) / (1 - r);
  const y = linearAxis(-1.5, 1.5);
  const rho = shortNumber(target);
  return lineChart({
    title: `KL penalty of a unit: 0 where its mean activation is ρ = ${rho}`,
    width,
    xLabel: 'mean activation ρ̂',
    yLabel: 'penalty, and its derivative',
    x: linearAxis(0, 1, 10),
    y,
    lines: [
      { name: 'KL(ρ‖ρ̂)', color: VALUE, pieces: [openSample(kl, y.domain)], dots: [[target, 0]] },
      { name: 'derivative by ρ̂', color: SLOPE, pieces: [openSample(slope, y.domain)] },
    ],
    marks: [
      ruleX([target], { stroke: TARGET, strokeWidth: 1.5, strokeDasharray: '5,4', ariaLabel: () => 'target' }),
      text([`ρ = ${rho}`], {
        x: [target],
        frameAnchor: 'top',
        lineAnchor: 'top',
        dx: target < 0.5 ? 8 : -8,
        dy: 6,
        textAnchor: target < 0.5 ? 'start' : 'end',
        fill: TARGET,
        fontWeight: 'bold',
      }),
    ],
  });
}

function weightChart(title: string, name: string, value: (w: number) => number, slope: Line, width?: number): string {
  const values = sample(-FARTHEST, FARTHEST, value);
  const lines = [{ name, color: VALUE, pieces: [values] }, slope];
  const heights = lines.flatMap(({ pieces }) => pieces.flat().map(([, height]) => height));
  return lineChart({
    title,
    width,
    xLabel: 'weight w',
    yLabel: 'penalty, and its derivative',
    x: linearAxis(-FARTHEST, FARTHEST, 8),
    y: linearAxis(Math.min(...heights) - 0.1, Math.max(...heights), 8),
    lines,
  });
}

/** Points of f at equal distances. */
function sample(begin: number, end: number, f: (x: number) => number): Point[] {
  return Array.from({ length: PIECES + 1 }, (_, i): Point => {
    const x = begin + ((end - begin) * i) / PIECES;
    return [x, f(x)];
  });
}

/** Points of f on (0, 1), dense towards both ends, x = σ(t), and cut off at the heights, between which it is in one piece. */
function openSample(f: (x: number) => number, heights: readonly [number, number]): Point[] {
  const points = sample(-36, 36, (t) => 1 / (1 + Math.exp(-t))).map(([, x]): Point => [x, f(x)]);
  const inside = points.map(([, y]) => y >= heights[0] && y <= heights[1]);
  const begin = inside.indexOf(true);
  const end = inside.lastIndexOf(true);
  return [
    ...points.slice(Math.max(0, begin - 1), begin).map((outer) => crossing(points[begin], outer, heights)),
    ...points.slice(begin, end + 1),
    ...points.slice(end + 1, end + 2).map((outer) => crossing(points[end], outer, heights)),
  ];
}

/** Where the line from a point between two heights to one beyond them leaves. */
function crossing([x, y]: Point, [outerX, outerY]: Point, [low, high]: readonly [number, number]): Point {
  const height = outerY > high ? high : low;
  if (!Number.isFinite(outerY)) return [x, y];
  return [x + ((outerX - x) * (height - y)) / (outerY - y), height];
}
