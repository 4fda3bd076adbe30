// node bench/pictures/bitmap-font.mjs 6x13.pcf.gz: writes src/figures/bitmap-font.ts, what pictures are lettered with.
// The font is X11's misc-fixed 6x13 ("Public domain font. Share and enjoy."), of the Debian package xfonts-base.
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const OUT = 'src/figures/bitmap-font.ts';
const [WIDTH, HEIGHT] = [6, 13];
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const EXTRA = 'ρ̂λβγκνσημαδΣ–—…·×−±°²³½‖≤≥≠≈→←▲▼•';
const [METRICS, BITMAPS, ENCODINGS] = [1 << 2, 1 << 3, 1 << 5];

const file = gunzipSync(readFileSync(process.argv[2]));
const tables = new Map();
for (let i = 0; i < file.readUInt32LE(4); i++) {
  const [type, , , offset] = [0, 4, 8, 12].map((at) => file.readUInt32LE(8 + 16 * i + at));
  tables.set(type, offset);
}

/** A table's format, and a reader of its numbers. */
function tableOf(type) {
  const start = tables.get(type);
  const format = file.readUInt32LE(start);
  const big = (format & 4) !== 0;
  return {
    start,
    format,
    int: (at) => (big ? file.readUInt32BE(start + at) : file.readUInt32LE(start + at)),
    short: (at) => (big ? file.readUInt16BE(start + at) : file.readUInt16LE(start + at)),
  };
}

const encodings = tableOf(ENCODINGS);
const [firstColumn, lastColumn, firstRow, lastRow] = [4, 6, 8, 10].map(encodings.short);
function glyphOf(code) {
  const [row, column] = [code >> 8, code & 255];
  if (row < firstRow || row > lastRow || column < firstColumn || column > lastColumn) return null;
  const at = 14 + 2 * ((row - firstRow) * (lastColumn - firstColumn + 1) + column - firstColumn);
  const glyph = encodings.short(at);
  return glyph === 0xffff ? null : glyph;
}

const metrics = tableOf(METRICS);
if ((metrics.format & 0x100) === 0) throw new Error('metrics are not compressed: this reader knows no others');
function boxOf(glyph) {
  const at = metrics.start + 6 + 5 * glyph;
  const [left, right, , ascent, descent] = [0, 1, 2, 3, 4].map((i) => file[at + i] - 128);
  return { left, right, ascent, descent };
}

const bitmaps = tableOf(BITMAPS);
const count = bitmaps.int(4);
const pad = 1 << (bitmaps.format & 3);
const msbFirst = (bitmaps.format & 8) !== 0;
/** Rows of six bits, from the top, the leftmost the highest. */
function rowsOf(glyph) {
  const { left, right, ascent, descent } = boxOf(glyph);
  const stride = Math.ceil((right - left) / 8 / pad) * pad;
  const from = bitmaps.start + 8 + 4 * count + 16 + bitmaps.int(8 + 4 * glyph);
  const rows = new Array(HEIGHT).fill(0);
  for (let y = 0; y < ascent + descent; y++) {
    const row = 11 - ascent + y; // the font's ascent
    for (let x = 0; x < right - left; x++) {
      const byte = file[from + y * stride + (x >> 3)];
      const bit = msbFirst ? (byte >> (7 - (x & 7))) & 1 : (byte >> (x & 7)) & 1;
      const column = left + x;
      if (bit && row >= 0 && row < HEIGHT && column >= 0 && column < WIDTH) rows[row] |= 1 << (WIDTH - 1 - column);
    }
  }
  return rows;
}

const latin = Array.from({ length: 256 }, (_, code) => code).filter((code) => (code >= 32 && code < 127) || code > 160);
const codes = [...latin, ...[...EXTRA].map((character) => character.codePointAt(0)), 0xfffd];
const glyphs = [...new Set(codes)]
  .sort((a, b) => a - b)
  .flatMap((code) => {
    const glyph = glyphOf(code);
    if (glyph === null) {
      process.stderr.write(`U+${code.toString(16)} is not in the font\n`);
      return [];
    }
    return [
      [
        code,
        rowsOf(glyph)
          .map((row) => DIGITS[row])
          .join(''),
      ],
    ];
  });
const lines = glyphs.map(([code, rows]) => `  0x${code.toString(16)}: '${rows}',`);
writeFileSync(
  OUT,
  `/**
 * X11's misc-fixed 6x13, in the public domain, by code point: a character a row from the top, the six bits of each its pixels, of which
 * the leftmost is the highest, in the digits of base64. Written by bench/pictures/bitmap-font.mjs.
 */
export const GLYPHS: Readonly<Record<number, string>> = {
${lines.join('\n')}
};
`,
);
