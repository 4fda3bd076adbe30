/**
 * Moves label positions (pixels, any order) as little as a simple sweep can so that neighbours are `gap` apart within
 * [0, height]; the gap shrinks where they would not fit. The result is in the order of the input.
 */
export function spread(positions: readonly number[], gap: number, height: number): number[] {
  const room = Math.min(gap, height / Math.max(1, positions.length - 1));
  const order = positions.map((_, i) => i).sort((i, j) => positions[i] - positions[j] || i - j);
  const moved = positions.map((position) => Math.min(height, Math.max(0, position)));
  let above = Number.NEGATIVE_INFINITY;
  for (const i of order) {
    moved[i] = Math.max(moved[i], above + room);
    above = moved[i];
  }
  let below = height + room;
  for (const i of order.reverse()) {
    moved[i] = Math.min(moved[i], below - room);
    below = moved[i];
  }
  return moved;
}
