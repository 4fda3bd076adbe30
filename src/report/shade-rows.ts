/** Rows of d numbers as shades: of each row from the least number of the same row of `scale` to the largest. */
export function shadeRows(values: Float64Array, d: number, scale = values): Uint8Array {
  const shades = new Uint8Array(values.length);
  for (let begin = 0; begin < values.length; begin += d) {
    let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let j = begin; j < begin + d; j++) {
      least = Math.min(least, scale[j]);
      most = Math.max(most, scale[j]);
    }
    const span = most - least || 1;
    for (let j = begin; j < begin + d; j++) {
      shades[j] = Math.round(255 * Math.min(1, Math.max(0, (values[j] - least) / span)));
    }
  }
  return shades;
}
