import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix } from '../../src/array/matrix.ts';
import { writeNpy } from '../../src/data/formats/npy.ts';
import { labelsFrom } from '../../src/node/sources.ts';
import { refused } from '../data/refused.ts';

let folder = '';
/** The path of a file with that content. */
const file = (name: string, content: string | Uint8Array) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
test.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'rhohat-labels-'));
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

const idx = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 4, 7, 0, 255, 1);

test('labelsFrom reads IDX, packed or not, .npy and .csv, with and without a head', async () => {
  const expected = Uint32Array.of(7, 0, 255, 1);
  assert.equal(await labelsFrom(file('labels-idx1-ubyte', idx)), expected);
  assert.equal(await labelsFrom(file('labels-idx1-ubyte.gz', gzipSync(idx))), expected);
  assert.equal(await labelsFrom(file('l.npy', writeNpy(matrix(Float64Array.of(7, 0, 255, 1), 4, 1)))), expected);
  assert.equal(await labelsFrom(file('l.csv', '7\n0\n255\n1\n')), expected);
  assert.equal(await labelsFrom(file('head.csv', 'label\n7\n0\n255\n1')), expected);
  assert.equal(await labelsFrom(file('one.csv', '3\n')), Uint32Array.of(3));
});

test('labelsFrom refuses numbers that are no classes, naming file and place', async () => {
  await refused(() => labelsFrom(file('half.csv', '0\n1.5\n')), /half\.csv: label 1 is 1\.5: .* whole numbers from 0/);
  await refused(() => labelsFrom(file('minus.csv', '0\n1\n-1\n')), /minus\.csv: label 2 is -1/);
  await refused(() => labelsFrom(file('huge.csv', `0\n${2 ** 32 + 1}\n`)), /huge\.csv: label 1 is 4294967297/);
});

test('labelsFrom refuses tables, pictures, words and what is not there', async () => {
  await refused(() => labelsFrom(file('two.csv', '0,2\n1,0\n')), /two\.csv: it has 2 columns: .* one whole number/);
  await refused(() => labelsFrom(file('words.csv', 'label\n0\ncat\n')), /words\.csv: .*line 3/);
  await refused(() => labelsFrom(file('empty.csv', '')), /empty\.csv: it is empty/);
  await refused(() => labelsFrom(file('cut', idx.subarray(0, 10))), /cut: IDX file: it has 10 bytes/);
  await refused(() => labelsFrom(join(folder, 'absent.csv')), /absent\.csv: there is no data set, file or folder/);
});

test.run();
