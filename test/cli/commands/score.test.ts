import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix } from '../../../src/array/matrix.ts';
import { csvExamples } from '../../../src/data/formats/csv.ts';
import { readNpy, writeNpy } from '../../../src/data/formats/npy.ts';
import { prepare } from '../../../src/data/preprocessing/prepare.ts';
import { squaredErrors } from '../../../src/data/squared-errors.ts';
import { loadModel } from '../../../src/node/model-files.ts';
import { inScratch, rhohat, table } from '../command.ts';

const ODD = 17;

/** A trained run on a table of which row ODD does not follow the rest. */
async function trained(folder: string): Promise<void> {
  const lines = table(60).split('\n');
  lines[ODD + 1] = '0.9,0.9,0.1,0.5';
  writeFileSync(join(folder, 'data.csv'), lines.join('\n'));
  const args = ['train', 'data.csv', '--hidden', '2', '--model', 'linear', '--iterations', '60', '--out', 'run'];
  const { status, stderr } = await rhohat(args, { cwd: folder });
  assert.is(status, 0, stderr);
}

test('score gives the squared errors of the library, in order, as CSV and as .npy', () =>
  inScratch(async (folder) => {
    await trained(folder);
    const { model } = await loadModel(join(folder, 'run'));
    const { x } = prepare([csvExamples(readFileSync(join(folder, 'data.csv')))], {}, 'float32');
    const expected = Array.from(squaredErrors(x, await model.reconstruct(x)).data);
    const { stdout, stderr } = await rhohat(['score', 'run'], { cwd: folder });
    const [head, ...rows] = stdout.trimEnd().split('\n');
    assert.is(head, 'example,squared_error');
    assert.equal(
      rows,
      Array.from(expected, (error, k) => `${k},${error}`),
    );
    assert.match(stderr, /^median squared error of 60 examples: /);
    assert.is(
      (await rhohat(['score', 'run', 'data.csv', '--out', 's.npy'], { cwd: folder })).stdout,
      's.npy: 60 scores\n',
    );
    assert.equal(Array.from(readNpy(readFileSync(join(folder, 's.npy'))).data), expected);
  }));

test('the median of an even number of scores is the mean of the two in the middle', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), 'a,b\n0,0\n3,4\n1,0\n0,9\n');
    const args = ['train', 'data.csv', '--model', 'linear', '--hidden', '1', '--out', 'run'];
    assert.is((await rhohat(args, { cwd: folder })).status, 0);
    const { stdout, stderr } = await rhohat(['score', 'run'], { cwd: folder });
    const scores = stdout.trimEnd().split('\n').slice(1);
    const sorted = scores.map((row) => Number(row.split(',')[1])).sort((a, b) => a - b);
    const [low, high] = sorted.slice(1, 3);
    assert.ok(high > 1.1 * low, `${low} ${high}`);
    assert.is(stderr, `median squared error of 4 examples: ${((low + high) / 2).toPrecision(4)}\n`);
  }));

test('score --report of what is no table: a page without line numbers', () =>
  inScratch(async (folder) => {
    const x = matrix(
      Float32Array.from({ length: 120 }, (_, i) => (i % 7) / 7),
      30,
      4,
    );
    writeFileSync(join(folder, 'new.npy'), writeNpy(x));
    const args = ['new.npy', '--model', 'linear', '--hidden', '2', '--iterations', '2', '--out', 'run'];
    const made = await rhohat(['train', ...args], { cwd: folder });
    assert.is(made.status, 0, made.stderr);
    const { status, stderr } = await rhohat(['score', 'run', 'new.npy', '--report', 'page.html'], { cwd: folder });
    assert.is(status, 0, stderr);
    const page = readFileSync(join(folder, 'page.html'), 'utf8');
    assert.match(page, '>example</th>');
    assert.not.match(page, '>line</th>');
  }));

test('score --worst begins with the row that does not follow the rest, and refuses what it cannot do', () =>
  inScratch(async (folder) => {
    await trained(folder);
    const { stdout } = await rhohat(['score', 'run', '--worst', '3'], { cwd: folder });
    const rows = stdout.trimEnd().split('\n').slice(1);
    assert.is(rows.length, 3);
    assert.match(rows[0], new RegExp(`^${ODD},`));
    const errors = rows.map((row) => Number(row.split(',')[1]));
    assert.ok(errors[0] > errors[1] && errors[1] >= errors[2]);
    for (const [args, message] of [
      [['--worst', '61'], /--worst is 61: there are 60 examples, so it must be from 1 to 60/],
      [
        ['--worst', '2', '--out', 's.npy'],
        /--worst with a \.npy file, which holds the scores of all and nothing beside: use --out/,
      ],
      [['--out', 's.txt'], /--out is "s.txt": it must end in .npy or .csv/],
    ] as const) {
      const { status, stderr } = await rhohat(['score', 'run', ...args], { cwd: folder });
      assert.is(status, 2);
      assert.match(stderr, message);
    }
  }));

test.run();
