import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows, matrix } from '../../src/array/matrix.ts';
import { acrossSheet, featureSheet, type Picture, reconstructionSheet } from '../../src/figures/index.ts';
import { LETTER, lengthOf, letter } from '../../src/figures/lettering.ts';
import { blankPicture } from '../../src/figures/picture.ts';
import { assertRefused } from '../support/errors.ts';

const shape = { height: 2, width: 2, channels: 1 };

/** Whether the words stand somewhere in the picture, letter by letter. */
function holds(picture: Picture, words: string, shade?: number): boolean {
  const { width, height, channels, data } = picture;
  const stamp = blankPicture(lengthOf(words), LETTER.height, 1, 255);
  letter(stamp, words, 0, 0, shade === undefined ? {} : { shade });
  const first = stamp.data.findIndex((byte) => byte !== 255);
  for (let top = 0; top + LETTER.height <= height; top++) {
    for (let left = 0; left + stamp.width <= width; left++) {
      if (data[((top + Math.floor(first / stamp.width)) * width + left + (first % stamp.width)) * channels] === 255)
        continue;
      const isHere = stamp.data.every((byte, p) => {
        const at = (top + Math.floor(p / stamp.width)) * width + left + (p % stamp.width);
        return data[at * channels] === byte;
      });
      if (isHere) return true;
    }
  }
  return false;
}

/** The shade in the middle of tile i, of tiles that stand in one row below a heading of `lines` lines. */
function tileShades(picture: Picture, tile: number, cell: number, lines: number): number[] {
  const top = 10 + lines * LETTER.line + 8;
  const left = 12 + tile * (cell + 8);
  const at = (x: number, y: number) => picture.data[(top + y) * picture.width + left + x];
  return [at(2, 2), at(cell - 3, 2), at(2, cell - 3), at(cell - 3, cell - 3)];
}

const W = fromRows([
  [1, -1, 0, 1],
  [2, 2, -2, 0],
  [1e-3, 1e-3, 1e-3, 1e-3],
  [9, -9, 9, -9],
]);

test('featureSheet says what it shows, numbers units, sorts by use, and draws dead ones last in flat grey', () => {
  const sheet = featureSheet(W, shape, { use: [0.25, 0.5, 0.1, 0], dead: [3] });
  assert.equal([sheet.width, sheet.channels, sheet.data[0]], [760, 1, 255]);
  assert.ok(holds(sheet, 'All 4 units, most used first; 1 dead last, in flat grey.', 96));
  assert.ok(holds(sheet, 'Black is a negative weight, grey 0, white a positive one', 96));
  for (const label of ['1 50%', '0 25%', '2 10%']) assert.ok(holds(sheet, label), label);
  assert.ok(holds(sheet, '3 dead', 96));
  const cell = 112;
  assert.equal(tileShades(sheet, 0, cell, 4), [255, 255, 0, 128], 'unit 1');
  assert.equal(tileShades(sheet, 1, cell, 4), [255, 0, 128, 255], 'unit 0');
  assert.equal(tileShades(sheet, 3, cell, 4), [128, 128, 128, 128], 'a dead unit is flat grey, whatever its weights');
  const noise = tileShades(sheet, 2, cell, 4);
  assert.ok(
    noise.every((shade) => shade > 128 && shade < 150),
    `noise is not stretched: ${noise}`,
  );
});

test('featureSheet shows the 256 most used of many, and says so; narrow pictures have fewer columns', () => {
  const weights = matrix(
    Float32Array.from({ length: 300 * 4 }, (_, i) => Math.cos(i)),
    300,
    4,
  );
  const use = Float64Array.from({ length: 300 }, (_, i) => (i + 1) / 300);
  const wide = featureSheet(weights, shape, { use });
  assert.ok(holds(wide, 'The 256 most used of 300 units, most used first.', 96));
  assert.ok(holds(wide, '299') && !holds(wide, ' 14%'), 'the least used ones are not there');
  const narrow = featureSheet(weights, shape, { use, width: 360 });
  assert.ok(narrow.width === 360 && narrow.height > wide.height);
});

test('featureSheet draws colour, one pixel, large images and rows without use; dead ones last all the same', () => {
  assert.is(featureSheet(fromRows([[1, 0, -1]]), { height: 1, width: 1, channels: 3 }).channels, 3);
  const large = featureSheet(matrix(new Float32Array(2 * 250_000).fill(1), 2, 250_000), {
    height: 500,
    width: 500,
    channels: 1,
  });
  assert.ok(large.width === 760 && large.height < 400, `${large.width} x ${large.height}`);
  assert.ok(holds(large, 'Tiles are drawn at 1/4 of their size.', 96), 'said');
  const plain = featureSheet(W, shape, { dead: [0] });
  assert.equal(tileShades(plain, 3, 112, 4), [128, 128, 128, 128]);
  assert.ok(holds(plain, 'All 4 units, in their order; 1 dead last, in flat grey.', 96));
});

test('reconstructionSheet names its rows and numbers its columns, and continues in blocks', () => {
  const x = matrix(
    Float32Array.from({ length: 30 * 4 }, (_, i) => (i % 7) / 7),
    30,
    4,
  );
  const sheet = reconstructionSheet(x, x, x, shape);
  for (const words of ['input', 'corrupted', 'reconstruction']) assert.ok(holds(sheet, words), words);
  assert.ok(holds(sheet, '29', 96) && holds(sheet, '0', 96));
  const clean = reconstructionSheet(x, null, x, shape);
  assert.ok(!holds(clean, 'corrupted') && clean.height < sheet.height);
  const narrow = reconstructionSheet(x, null, x, shape, { width: 360 });
  assert.ok(narrow.width === 360 && narrow.height > clean.height);
});

test('acrossSheet names runs and numbers units; a name of any length and kind stays in the picture', () => {
  const names = ['runs/clean', `\u0000\u202e<b>${'x'.repeat(10_000)}`];
  const sheet = acrossSheet([W, W], [2, 0], shape, { names });
  assert.ok(holds(sheet, 'runs/clean') && holds(sheet, '2', 96) && holds(sheet, '0', 96));
  assert.is(sheet.width, 760);
});

test('pictures with words refuse what does not fit', async () => {
  await assertRefused(() => featureSheet(W, { ...shape, width: 3 }), /^a row has 4 values, but 2 x 3 x 1 needs 6/);
  await assertRefused(() => featureSheet(W, shape, { use: [1] }), /^use has 1 numbers, but there are 4 units/);
  await assertRefused(() => featureSheet(W, shape, { most: 0 }), /^most is 0/);
  await assertRefused(() => acrossSheet([W], [0], shape, { names: [] }), /^names has 0 names for 1 weights: give one/);
  await assertRefused(() => acrossSheet([W], [9], shape, { names: ['a'] }), /^unit 9 is not in weights 0/);
  const none = matrix(new Float64Array(0), 0, 4);
  await assertRefused(() => reconstructionSheet(none, null, none, shape), /^there are no images/);
});

test('letters that the font lacks and combining marks take their places', () => {
  assert.is(lengthOf('ρ̂'), LETTER.width);
  const picture = blankPicture(12, LETTER.height, 1, 255);
  letter(picture, '\u{1f600}', 0, 0);
  assert.ok(picture.data.some((shade) => shade !== 255));
  letter(picture, 'far away', 500, 500); // outside
});

test.run();
