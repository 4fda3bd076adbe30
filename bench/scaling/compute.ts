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

/** Weights of a layer, d·h, up to which θ, its gradient and the moments are taken to stay in the caches. */
const CACHED = 768 * 4096;

/**
 * What a step's time grows with: 1 (calls), d·h (gradient cleared, θ updated), the same beyond the caches, m·d·h (dense products;
 * of TopK the encoder's), and of KL m·d (loss, batches), of TopK m·k·d (decoding, and the gradients of survivors).
 */
export function features({ kind, inputs: d, hidden: h, k, auxiliary = 0, batch: m }: Work): readonly number[] {
  const rows = kind === 'kl' ? m * d : m * (k + auxiliary) * d;
  return [1, d * h, Math.max(0, d * h - CACHED), m * d * h, rows];
}

/** c ≥ 0 with the least Σ (features·c/seconds − 1)², by coordinate descent, and features·c/seconds − 1. */
function coefficients(timed: readonly Timed[]): { c: readonly number[]; residuals: readonly number[] } {
  const rows = timed.map((one) => features(one).map((f) => f / one.seconds));
  const c = features(timed[0]).map(() => 0);
  const norms = c.map((_, j) => rows.reduce((sum, row) => sum + row[j] ** 2, 0));
  const residuals = rows.map(() => -1);
  for (let round = 0; round < 50_000; round++) {
    for (let j = 0; j < c.length; j++) {
      if (norms[j] === 0) continue;
      const slope = rows.reduce((sum, row, i) => sum + row[j] * residuals[i], 0);
      const next = Math.max(0, c[j] - slope / norms[j]);
      for (let i = 0; i < rows.length; i++) residuals[i] += rows[i][j] * (next - c[j]);
      c[j] = next;
    }
  }
  return { c, residuals };
}

/**
 * The measured times, between and beyond the sizes that were measured: KL and TopK each by coefficients of its own.
 * @throws Error for a kind that was not measured
 */
export function fitted(timed: readonly Timed[]): Compute {
  const kinds = [...new Set(timed.map(({ kind }) => kind))];
  const fits = new Map(kinds.map((kind) => [kind, coefficients(timed.filter((one) => one.kind === kind))]));
  return {
    seconds(work) {
      const fit = fits.get(work.kind);
      if (fit === undefined) throw new Error(`no step of ${work.kind} was timed: npm run bench:machines -- measure`);
      return features(work).reduce((sum, f, j) => sum + f * fit.c[j], 0);
    },
    worst: Math.max(...[...fits.values()].flatMap(({ residuals }) => residuals.map(Math.abs))),
  };
}
