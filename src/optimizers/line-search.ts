/** φ(t) = J(θ + t·d) and its slope φ′(t) = ∇J(θ + t·d)ᵀd. */
export interface Point {
  readonly t: number;
  readonly f: number;
  readonly slope: number;
}

export interface WolfeOptions {
  /** Sufficient decrease: φ(t) ≤ φ(0) + c₁tφ′(0). Default 1e-4. */
  readonly c1?: number | undefined;
  /** Curvature: |φ′(t)| ≤ c₂|φ′(0)|. Default 0.9, for quasi-Newton directions. */
  readonly c2?: number | undefined;
  /** Default 25. */
  readonly maxEvaluations?: number | undefined;
  /** How far rounding alone may move φ: decreases smaller than that are not told apart. Default 0. */
  readonly noise?: number | undefined;
}

/**
 * A step t > 0 that meets the strong Wolfe conditions, from a start at t = 0 with slope < 0 and a first guess `guess`.
 * When the evaluations run out, the best point with sufficient decrease; null if none lies below φ(0). A φ or φ′ that
 * is not finite counts as too far. [Nocedal & Wright, Numerical Optimization, 2nd ed., Algorithms 3.5 and 3.6, cubic interpolation]
 */
export async function strongWolfe(
  phi: (t: number) => Promise<Point>,
  start: Point,
  guess: number,
  { c1 = 1e-4, c2 = 0.9, maxEvaluations = 25, noise = 0 }: WolfeOptions = {},
): Promise<Point | null> {
  const decreases = (p: Point) =>
    Number.isFinite(p.f) && Number.isFinite(p.slope) && p.f <= start.f + c1 * p.t * start.slope + noise;
  const flat = (p: Point) => Math.abs(p.slope) <= -c2 * start.slope;
  let evaluations = 0;
  const evaluate = (t: number) => {
    evaluations++;
    return phi(t);
  };

  // Bracket: walk out until an interval must hold a Wolfe point.
  let previous = start;
  let current = await evaluate(guess);
  let low: Point;
  let high: Point;
  for (;;) {
    if (!decreases(current) || (previous !== start && current.f >= previous.f + noise)) {
      low = previous;
      high = current;
      break;
    }
    if (flat(current)) return current;
    if (current.slope >= 0) {
      low = current;
      high = previous;
      break;
    }
    if (evaluations >= maxEvaluations) return current.f < start.f ? current : null;
    // Extrapolate, by at least a tenth of the last stride and at most ninefold.
    const stride = current.t - previous.t;
    const next = clamp(cubicMinimum(previous, current), current.t + 0.1 * stride, current.t + 9 * stride);
    previous = current;
    current = await evaluate(next);
  }

  // Zoom: `low` has sufficient decrease and the lowest φ so far, and its slope points into the interval.
  while (evaluations < maxEvaluations) {
    const width = high.t - low.t;
    const margin = 0.1 * Math.abs(width);
    const from = Math.min(low.t, high.t) + margin;
    const trial = await evaluate(clamp(cubicMinimum(low, high), from, from + 0.8 * Math.abs(width)));
    if (!decreases(trial) || trial.f >= low.f + noise) {
      high = trial;
      continue;
    }
    if (flat(trial)) return trial;
    if (trial.slope * width >= 0) high = low;
    low = trial;
  }
  // Within the noise alone a step gains nothing, and a caller that took it would try the same again for ever.
  return low.f < start.f ? low : null;
}

/** The minimum of the cubic through two points and their slopes; NaN where there is none. [ibid., (3.59)] */
function cubicMinimum(p: Point, q: Point): number {
  const d1 = p.slope + q.slope - (3 * (p.f - q.f)) / (p.t - q.t);
  const d2 = Math.sign(q.t - p.t) * Math.sqrt(d1 * d1 - p.slope * q.slope);
  return q.t - ((q.t - p.t) * (q.slope + d2 - d1)) / (q.slope - p.slope + 2 * d2);
}

/** t held in [from, to]; their middle where t is not a finite number. */
function clamp(t: number, from: number, to: number): number {
  return Number.isFinite(t) ? Math.min(Math.max(t, from), to) : (from + to) / 2;
}
