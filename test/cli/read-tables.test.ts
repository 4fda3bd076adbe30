import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadModel } from '../../src/node/model-files.ts';
import { inScratch, rhohat } from './command.ts';

const how = ['--model', 'linear', '--hidden', '1', '--iterations', '5'];
const values = Array.from({ length: 12 }, (_, k) => [
  (0.5 + 0.4 * Math.sin(k)).toFixed(3),
  (0.1 + 0.05 * k).toFixed(3),
]);
const lines = (cells: (row: string[], k: number) => string) => `${values.map(cells).join('\n')}\n`;

test('a header of numbers and an index are told, saved with the run, and new tables are read alike', () =>
  inScratch(async (folder) => {
    const call = (...args: string[]) => rhohat(args, { cwd: folder });
    const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
    write(
      'plain.csv',
      lines((row) => row.join(',')),
    );
    write('counted.csv', `0,1\n${lines((row) => row.join(','))}`);
    write('index.csv', `,a,b\n${lines((row, k) => [k, ...row].join(','))}`);
    write(
      'bare.csv',
      lines((row, k) => [k, ...row].join(',')),
    );
    write(
      'aligned.dat',
      lines((row) => `  ${row.join('   ')}`),
    );
    const run = async (name: string, ...more: string[]) => {
      const { status, stdout, stderr } = await call('train', name, ...how, ...more, '--out', name.replace(/\..*/, ''));
      assert.is(status, 0, stderr);
      return { stdout, stderr };
    };
    assert.is((await run('plain.csv')).stderr, '');
    const expected = (await call('score', 'plain')).stdout;
    assert.match(
      (await run('counted.csv')).stderr,
      /^rhohat: counted\.csv: its first line, 0,1, names the columns: --header no/,
    );
    assert.match(
      (await run('index.csv')).stderr,
      /^rhohat: index\.csv: its first column has no name and numbers the rows/,
    );
    assert.match(
      (await run('bare.csv')).stderr,
      /^rhohat: bare\.csv: its first column counts the rows from 0: it is left out/,
    );
    assert.match((await run('aligned.dat')).stdout, /read as {9}12 examples of 2 numbers\n/);
    for (const name of ['counted', 'index', 'bare', 'aligned']) {
      assert.is((await call('score', name)).stdout, expected, name);
    }
    // What was left out in training is left out of new tables, though these do not count their rows from 0.
    write(
      'later.csv',
      lines((row, k) => [100 - k, ...row].join(',')),
    );
    assert.is((await call('score', 'bare', 'later.csv')).stdout, expected);
    assert.equal((await loadModel(join(folder, 'bare'))).model.config.inputs, 2);
    const asked = await call('train', 'counted.csv', ...how, '--header', 'no', '--out', 'asked');
    assert.match(asked.stdout, /read as {9}13 examples of 2 numbers\n/);
    assert.is(JSON.parse(readFileSync(join(folder, 'asked/summary.json'), 'utf8')).run.data.table.header, false);
    assert.is((await call('score', 'asked', 'counted.csv')).stdout.trimEnd().split('\n').length, 14);
    assert.is((await call('score', 'asked', 'counted.csv', '--header', 'yes')).stdout.trimEnd().split('\n').length, 13);
    assert.match((await call('train', 'plain.csv', '--header', 'perhaps')).stderr, /It must be yes or no\./);
    // A unit divides tables too.
    write(
      'times.csv',
      lines((row) => row.map((cell) => `${Math.round(1000 * Number(cell))}`).join(',')),
    );
    await call('train', 'times.csv', ...how, '--unit', '1000', '--precision', 'float64', '--out', 'times');
    await call('train', 'plain.csv', ...how, '--precision', 'float64', '--out', 'double');
    assert.is((await call('score', 'times')).stdout, (await call('score', 'double')).stdout);
  }));

test('labels are a column of the table itself, which is then no input', () =>
  inScratch(async (folder) => {
    const call = (...args: string[]) => rhohat(args, { cwd: folder });
    const row = (k: number) =>
      `${k % 3},${(k % 3 === 0 ? 0.9 : 0.1).toFixed(2)},${(k % 3 === 1 ? 0.8 : 0.2).toFixed(2)}`;
    const table = (begin: number, m: number) => Array.from({ length: m }, (_, k) => row(begin + k)).join('\n');
    writeFileSync(join(folder, 'k.csv'), `digit,a,b\n${table(0, 30)}\n`);
    writeFileSync(join(folder, 't.csv'), `digit,a,b\n${table(1, 9)}\n`);
    writeFileSync(join(folder, 'bare.csv'), `${table(0, 30)}\n`);
    for (const labels of ['k.csv:digit', 'k.csv:1']) {
      const { stdout, stderr } = await call('classify', 'k.csv', '--labels', labels, '--test', 't.csv', '--json');
      const { config, stages, testExamples, read } = JSON.parse(stdout || stderr);
      assert.equal([config.inputs, testExamples, read], [2, 9, '30 examples of 2 numbers'], labels);
      assert.equal([stages[0].trainAccuracy, stages[0].testAccuracy], [1, 1]);
    }
    const bare = await call('classify', 'bare.csv', '--columns', '2-3', '--labels', 'bare.csv:1', '--json');
    assert.is(JSON.parse(bare.stdout).stages[0].trainAccuracy, 1);
    // The label of a new table without a header is no input either.
    await call('classify', 'bare.csv', '--labels', 'bare.csv:1', '--out', 'run');
    const predicted = await call('predict', 'run', 'bare.csv');
    assert.equal(
      predicted.stdout
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((line) => Number(line[0])),
      Array.from({ length: 30 }, (_, k) => k % 3),
    );
    const trained = await call(
      'train',
      'k.csv',
      '--labels',
      'k.csv:digit',
      '--classes',
      '0,1',
      ...how,
      '--out',
      'some',
    );
    assert.match(trained.stdout, /\n {2}examples {8}20 from k\.csv\n/);
    const asked = await call('classify', 'k.csv', '--columns', '2-3', '--labels', 'k.csv');
    assert.is(asked.status, 2);
    assert.match(
      asked.stderr,
      /k\.csv: its labels are not known: name them with --labels, a column of their own with --label-column/,
    );
    assert.match(
      (await call('classify', 'k.csv', '--labels', 't.csv')).stderr,
      /it has 3 columns: .* such as t\.csv:1/,
    );
    assert.match((await call('classify', 'k.csv', '--labels', 'k.csv:x')).stderr, /it has no column "x"/);
  }));

test.run();
