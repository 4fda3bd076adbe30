import { assertObject } from '../array/argument-check.ts';
import { InputError } from '../errors.ts';
import { type Line, lineChart } from './line-chart.ts';
import type { FigureSize } from './penalty-curves.ts';
import { requireWhole } from './picture.ts';
import { colours } from './theme.ts';
import type { Point } from './thin.ts';
import { linearAxis, shortNumber, wholeTicks } from './ticks.ts';

/** The penalty on a weight w: l1 is |w|, l2 is w². */
export type Shrinkage = 'l1' | 'l2';

/** A weight that a penalty alone moves. */
export interface ShrinkageOptions {
  /** w₀; default 1. */
  readonly start?: number | undefined;
  /** η > 0; below ½ for L2, whose steps would otherwise pass 0. Default 0.1. */
  readonly learningRate?: number | undefined;
  /** Default 20. */
  readonly steps?: number | undefined;
}

/**
 * w₀ … w_T under gradient steps of a penalty alone.
 * L1, |w|: w ← w − η sign(w), steps of constant size η; one that would pass 0 ends there (soft threshold; the plain
 * subgradient would hop about 0 by η for ever). So wₜ = sign(w₀) max(0, |w₀| − tη) reaches 0 after ⌈|w₀|/η⌉ steps.
 * L2, w²: w ← w − 2ηw, steps that shrink with w. So wₜ = (1 − 2η)ᵗ w₀ never reaches 0.
 * @throws InputError for options that are not allowed.
 */
export function shrinkagePath(given: ShrinkageOptions & { readonly kind: Shrinkage }): Float64Array {
  assertObject(given, 'options', "{ kind: 'l1' }");
  const { kind, ...options } = given;
  const { start, learningRate: eta, steps } = checked(kind, options);
  return Float64Array.from({ length: steps + 1 }, (_, t) =>
    kind === 'l1' ? Math.sign(start) * Math.max(0, Math.abs(start) - t * eta) : (1 - 2 * eta) ** t * start,
  );
}

/**
 * A standalone SVG of `shrinkagePath`, of one kind or of both: constant steps that reach 0 against shrinking ones that
 * never do. Throws an InputError for options that are not allowed.
 */
export function shrinkagePaths({
  kind,
  width,
  ...options
}: ShrinkageOptions & FigureSize & { readonly kind?: Shrinkage } = {}): string {
  const kinds: readonly Shrinkage[] = kind === undefined ? ['l1', 'l2'] : [kind];
  const paths = kinds.map((one) => shrinkagePath({ kind: one, ...options }));
  const steps = paths[0].length - 1;
  const ends = paths.flatMap((path) => [path[0], path[steps], 0]);
  return lineChart({
    title: TITLES[kind ?? 'both'],
    width,
    xLabel: 'gradient step',
    yLabel: 'weight',
    x: { type: 'linear', domain: [0, steps], ticks: wholeTicks(0, steps), label: String },
    y: linearAxis(Math.min(...ends), Math.max(...ends)),
    lines: paths.map((path, i) => lineOf(kinds[i], path)),
  });
}

const TITLES = {
  both: 'L1 takes constant steps and reaches 0, L2 shrinking ones and never does',
  l1: 'L1 takes steps of constant size until the weight is 0',
  l2: 'L2 takes steps that shrink with the weight and never reaches 0',
} as const;

/** Up to this many points, every step is marked. */
const FEW_POINTS = 60;

const COLORS = { l1: colours.blue, l2: colours.vermilion } as const;

function lineOf(kind: Shrinkage, path: Float64Array): Line {
  const points = Array.from(path, (w, t): Point => [t, w]);
  const zero = path.indexOf(0);
  const end = zero < 0 ? shortNumber(path[path.length - 1], 3) : `0 from step ${zero}`;
  return {
    name: `${kind.toUpperCase()}: ${end}`,
    color: COLORS[kind],
    pieces: [points],
    dots: points.length <= FEW_POINTS ? points : [],
  };
}

function checked(kind: Shrinkage, options: ShrinkageOptions): Required<ShrinkageOptions> {
  const { start = 1, learningRate = 0.1, steps = 20 } = options;
  if (kind !== 'l1' && kind !== 'l2') throw new InputError(`kind is ${kind}: give l1 or l2`);
  if (!Number.isFinite(start) || start === 0) throw new InputError(`start is ${start}: give a finite number, not 0`);
  const most = kind === 'l2' ? 0.5 : Number.POSITIVE_INFINITY;
  if (!(learningRate > 0 && learningRate < most)) {
    const allowed = kind === 'l2' ? 'above 0 and below 0.5, where L2 steps would pass 0' : 'a finite number above 0';
    throw new InputError(`learningRate is ${learningRate}: give ${allowed}`);
  }
  requireWhole('steps', steps, 1);
  return { start, learningRate, steps };
}
