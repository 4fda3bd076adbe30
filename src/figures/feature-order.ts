/**
 * Units in the order in which pictures show them: the most used first, dead ones last, equal ones by their number. `use` is how often,
 * or how strongly, each is on.
 */
export function featureOrder(use: ArrayLike<number>, dead: Iterable<number> = []): number[] {
  const isDead = new Set(dead);
  const last = (unit: number) => (isDead.has(unit) ? 1 : 0);
  return Array.from({ length: use.length }, (_, unit) => unit).sort(
    (a, b) => last(a) - last(b) || use[b] - use[a] || a - b,
  );
}
