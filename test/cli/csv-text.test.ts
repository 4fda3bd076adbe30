import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix } from '../../src/array/matrix.ts';
import { cell, pieces } from '../../src/cli/csv-text.ts';
import { readLine } from '../../src/data/formats/csv-cells.ts';
import { writeNpy } from '../../src/data/formats/npy.ts';
import { classes, inScratch, rhohat, table } from './command.ts';

test('a cell that a spreadsheet would run is a text there, and numbers stay numbers', () => {
  for (const name of [
    '=1+1',
    '=cmd|"/c calc"!A1',
    '@SUM(A1)',
    '+A1',
    '-A1',
    '-',
    '\t=1',
    '\r=1',
    ' =1',
    '＝1',
    '=1,2',
  ]) {
    const text = cell(name);
    assert.match(text, /^"'/, text);
    // What a reader of CSV takes from it is no formula, and nothing but the apostrophe and control characters changed.
    const [read, ...more] = readLine(text, 0, ',', 9, 1).cells;
    assert.equal([read, more], [`'${name.replace('\r', '\\u000d')}`, []]);
  }
  for (const plain of ['-1.5', '+3', '-.5e-3', '-1.', 'a-b', 'pump 7', '2026-01-02', 'ρ̂', 'x=1', '']) {
    assert.is(cell(plain), plain);
  }
  assert.equal([-1.5, 0, 1e-7, -Infinity].map(cell), ['-1.5', '0', '1e-7', '-Infinity']);
  assert.equal(['a,b', 'say "a"', 'a\tb', 'a;b'].map(cell), ['"a,b"', '"say ""a"""', '"a\tb"', '"a;b"']);
  assert.is(cell('a\u001b[31m\nb'), 'a\\u001b[31m\\u000ab');
});

test('lines go out in pieces, none much longer than 64 kB', () => {
  const lines = Array.from({ length: 20_000 }, (_, i) => `${i},${'x'.repeat(i % 30)}`);
  const parts = [...pieces(lines)];
  assert.is(parts.join(''), `${lines.join('\n')}\n`);
  assert.ok(parts.length > 3 && parts.every(({ length }) => length < 2 ** 16 + 50));
  assert.equal([...pieces([])], []);
});

test('score writes ids and column names that begin as formulas as texts, on stdout and in files', () =>
  inScratch(async (folder) => {
    const names = ['=HYPERLINK("http://x")', '@a', '-3', '\u001b]0;owned\u0007', 'plain'];
    const rows = names.map((name, i) => [`"${name.replaceAll('"', '""')}"`, i / 10, 1 - i / 10].join(','));
    writeFileSync(join(folder, 'data.csv'), `name,=a,b\n${rows.join('\n')}\n`);
    const call = (...args: string[]) => rhohat(args, { cwd: folder });
    const trained = await call(
      'train',
      'data.csv',
      '--columns',
      '2-3',
      '--hidden',
      '2',
      '--epochs',
      '1',
      '--out',
      'run',
    );
    assert.is(trained.status, 0, trained.stderr);
    const { status, stdout } = await call('score', 'run', '--id', 'name', '--by-column');
    assert.is(status, 0);
    const [head, ...lines] = stdout.trimEnd().split('\n');
    assert.is(head, 'example,squared_error,"\'=a",b');
    const expected = ['"\'=HYPERLINK(""http://x"")"', '"\'@a"', '-3', '"\\u001b]0;owned\\u0007"', 'plain'];
    lines.forEach((line, i) => {
      assert.ok(line.startsWith(`${expected[i]},`), line);
    });
    await call('score', 'run', '--id', 'name', '--by-column', '--out', 's.csv');
    assert.is(readFileSync(join(folder, 's.csv'), 'utf8'), stdout);
  }));

test('encode, predict and score write more text than the heap holds; who stops reading ends them, a full disk is told', () =>
  inScratch(async (folder) => {
    const [m, d] = [12_000, 4];
    const call = (...args: string[]) => rhohat(args, { cwd: folder });
    writeFileSync(join(folder, 'data.csv'), table(60));
    writeFileSync(join(folder, 'labels.csv'), classes(60));
    const x = Float32Array.from({ length: m * d }, (_, i) => (i * 0.37) % 1);
    writeFileSync(join(folder, 'x.npy'), writeNpy(matrix(x, m, d)));
    await call('train', 'data.csv', '--hidden', '200', '--epochs', '1', '--out', 'run');
    const small = { cwd: folder, env: { NODE_OPTIONS: '--max-old-space-size=24' } };
    const { status, stdout, stderr } = await rhohat(['encode', 'run', 'x.npy', '--out', 'c.csv'], small);
    assert.equal([status, stderr, stdout], [0, '', `c.csv: ${m} codes of 200 units, float32\n`]);
    assert.ok(statSync(join(folder, 'c.csv')).size > 2 ** 25);
    const codes = await rhohat(['encode', 'run', 'x.npy'], small);
    assert.is(codes.stdout, readFileSync(join(folder, 'c.csv'), 'utf8'));

    await call('classify', 'data.csv', '--labels', 'labels.csv', '--iterations', '2', '--out', 'c');
    const shell = (script: string) => rhohat([], { cwd: folder, shell: `set -o pipefail; ${script}` });
    for (const command of ['encode run', 'predict c', 'score run']) {
      const head = await shell(`rhohat ${command} x.npy | head -2`);
      assert.equal([head.status, head.stdout.trimEnd().split('\n').length], [0, 2], command);
      assert.not.match(head.stderr, /EPIPE|stack/);
      if (!existsSync('/dev/full')) continue;
      const full = await shell(`rhohat ${command} x.npy > /dev/full`);
      assert.match(full.stderr, /rhohat: the output could not be written to stdout: ENOSPC[^\n]*\n$/);
      assert.is(full.status, 1);
    }
  }));

test.run();
