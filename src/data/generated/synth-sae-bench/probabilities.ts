import type { Forest } from './forest.ts';
import type { FullOptions } from './options.ts';

/** pᵢ = rarest + (commonest − rarest)·(zᵢ − z_F)/(z₁ − z_F), zᵢ = i^−exponent, i = 1 … F; commonest where F is 1. */
export function baseProbabilities({ features, exponent, rarest, commonest }: FullOptions): Float64Array {
  const last = features ** -exponent;
  return Float64Array.from({ length: features }, (_, i) =>
    features === 1 ? commonest : rarest + ((commonest - rarest) * ((i + 1) ** -exponent - last)) / (1 - last),
  );
}

/**
 * With what probability each feature is drawn on, before the hierarchy puts it out: pᵢ of roots and of those that stand alone;
 * of a child (pᵢ/p)·(1 + Σ pⱼ/p), p of its parent and j its exclusive siblings, at most 1. That makes up for a part of what
 * siblings take from one another: at the full size Σ pᵢ is 59, and 34.5 are on.
 */
export function drawnProbabilities(base: Float64Array, forest: Forest, options: FullOptions): Float64Array {
  const drawn = base.slice();
  if (!options.compensate) return drawn;
  const { parent, firstChild, children } = forest;
  for (let i = 0; i < forest.size; i++) {
    if (parent[i] < 0) continue;
    const above = base[parent[i]];
    let siblings = 0;
    const first = firstChild[parent[i]];
    for (let j = first; j < first + children[parent[i]]; j++) if (j !== i) siblings += base[j];
    drawn[i] = Math.min(1, (base[i] / above) * (options.exclusive ? 1 + siblings / above : 1));
  }
  return drawn;
}
