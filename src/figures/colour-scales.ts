/** Red, green and blue of the shades 0 … 255, three bytes each. */
export type Palette = Uint8ClampedArray;

/** Evenly spaced colours, from which those between them follow. */
function between(hex: readonly string[]): Palette {
  const anchors = hex.map((text) => [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16)));
  const palette = new Uint8ClampedArray(3 * 256);
  for (let shade = 0; shade < 256; shade++) {
    const place = (shade / 255) * (anchors.length - 1);
    const i = Math.min(anchors.length - 2, Math.floor(place));
    for (let c = 0; c < 3; c++)
      palette[3 * shade + c] = anchors[i][c] + (place - i) * (anchors[i + 1][c] - anchors[i][c]);
  }
  return palette;
}

export const grey = between(['#000000', '#ffffff']);
/** Blue below 0, orange above, white at 0: told apart by every eye. */
export const signed = between(['#2166ac', '#92c5de', '#f7f7f7', '#fdb863', '#b35806']);
/** By van der Walt and Smith, of Matplotlib. */
export const viridis = between([
  ...['#440154', '#472d7b', '#3b528b', '#2c728e', '#21918c'],
  ...['#28ae80', '#5ec962', '#addc30', '#fde725'],
]);
