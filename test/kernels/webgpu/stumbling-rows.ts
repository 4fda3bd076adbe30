import { uniforms } from '../../support/views.ts';

/** Rows by what makes selections stumble; each gives a number of a row from a draw on [0, 1). */
export const kinds: Readonly<Record<string, (draw: number, j: number) => number>> = {
  drawn: (draw) => Math.fround(2 * draw - 1),
  ties: (draw) => Math.round(4 * draw - 2),
  'above 0': (draw) => Math.max(0, Math.fround(draw - 0.6)),
  'all equal': () => 0.5,
  'all 0': (_, j) => (j % 3 === 0 ? -0 : 0),
  'all below 0': (draw) => -Math.fround(draw) - 1e-3,
  'infinite, NaN, tiny': (draw, j) =>
    j % 7 === 3
      ? [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e-42, -1e-42, -0, 3e38, 2e38][
          Math.floor(8 * draw)
        ]
      : Math.fround(2 * draw - 1),
  'one NaN': (draw, j) => (j === 2 ? Number.NaN : Math.fround(2 * draw - 1)),
};
/** Rows of a kind. */
export const drawnRows = (rows: number, columns: number, kind: string, seed: number) => {
  const draws = uniforms(rows * columns, seed).map((value) => Math.abs(value) % 1);
  return Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (_value, j) => Math.fround(kinds[kind](draws[i * columns + j], j))),
  );
};

/** Numbers in order: a NaN is the largest. */
const rank = (value: number) => (Number.isNaN(value) ? 2 : value === Number.POSITIVE_INFINITY ? 1 : 0);
export const stronger = (p: number, q: number) => rank(p) - rank(q) || (rank(p) > 0 || p === q ? 0 : p - q);

/** Columns of the k largest, rising, the lower of equal ones. */
export function sorted(row: readonly number[], k: number): number[] {
  const columns = row.map((_, j) => j).sort((p, q) => stronger(row[q], row[p]) || p - q);
  return columns.slice(0, k).sort((p, q) => p - q);
}
