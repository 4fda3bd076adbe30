/** A network and its batch. */
export interface Work {
  /** KL: sigmoid units, five dense products a step, SGD with momentum. TopK: ReLU, a decoder of its own, Adam. */
  readonly kind: 'kl' | 'top-k';
  readonly inputs: number;
  readonly hidden: number;
  /** Of TopK; 0 of KL. */
  readonly k: number;
  /** Of AuxK among dead latents: so many more a row. None by default. */
  readonly auxiliary?: number;
  /** m. */
  readonly batch: number;
}

/** A step that was timed. */
export interface Timed extends Work {
  readonly seconds: number;
}

/** Seconds a step of one process takes: what is measured, between and beyond the sizes that were. */
export interface Compute {
  seconds(work: Work): number;
  /** The largest relative error at what was measured. */
  readonly worst: number;
}

/**
 * What a step's time grows with: 1 (calls), m·d (loss, batches), d·h (gradient cleared, θ updated), m·d·h (dense products; the
 * encoder's of TopK) and m·k·d (decoding, and the gradients of survivors).
 */
export function features({ inputs: d, hidden: h, k, auxiliary = 0, batch: m }: Work): readonly number[] {
  return [1, m * d, d * h, m * d * h, m * (k + auxiliary) * d];
}

/**
 * c ≥ 0 with the least Σ (features·c/seconds − 1)², by coordinate descent.
 * @throws Error without measurements
 */
export function fitted(timed: readonly Timed[]): Compute {
  if (timed.length === 0) throw new Error('nothing was timed: npm run bench:machines -- measure');
  const rows = timed.map((one) => features(one).map((f) => f / one.seconds));
  const c = rows[0].map(() => 0);
  const residuals = rows.map(() => -1); // features·c/seconds − 1
  for (let round = 0; round < 20_000; round++) {
    for (let j = 0; j < c.length; j++) {
      const norm = rows.reduce((sum, row) => sum + row[j] ** 2, 0);
      if (norm === 0) continue;
      const slope = rows.reduce((sum, row, i) => sum + row[j] * residuals[i], 0);
      const next = Math.max(0, c[j] - slope / norm);
      for (let i = 0; i < rows.length; i++) residuals[i] += rows[i][j] * (next - c[j]);
      c[j] = next;
    }
  }
  return {
    seconds: (work) => features(work).reduce((sum, f, j) => sum + f * c[j], 0),
    worst: Math.max(...residuals.map(Math.abs)),
  };
}
