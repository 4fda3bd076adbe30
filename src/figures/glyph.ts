/** Width of an average glyph of 12 pixels: margins are set before anything can be measured. */
export const GLYPH = 6.9;
