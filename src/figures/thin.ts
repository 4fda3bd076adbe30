/** One point of a curve: (step, value). */
export type Point = readonly [number, number];

/**
 * At most `most` points of a curve that look like all of it: the first, the last, and between them the lowest and
 * the highest point of each of (most − 2)/2 equal runs, so that a single spike stays visible. The order is kept.
 */
export function thin(points: readonly Point[], most: number): readonly Point[] {
  if (points.length <= most) return points;
  const inner = points.length - 2;
  const runs = Math.floor((most - 2) / 2);
  const kept: Point[] = [points[0]];
  for (let run = 0; run < runs; run++) {
    const begin = 1 + Math.floor((run * inner) / runs);
    const end = 1 + Math.floor(((run + 1) * inner) / runs);
    let lowest = begin;
    let highest = begin;
    for (let i = begin + 1; i < end; i++) {
      if (points[i][1] < points[lowest][1]) lowest = i;
      if (points[i][1] > points[highest][1]) highest = i;
    }
    kept.push(points[Math.min(lowest, highest)]);
    if (lowest !== highest) kept.push(points[Math.max(lowest, highest)]);
  }
  kept.push(points[points.length - 1]);
  return kept;
}
