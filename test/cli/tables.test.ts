import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows } from '../../src/array/matrix.ts';
import { writeNpy } from '../../src/data/formats/npy.ts';
import { inScratch, rhohat } from './command.ts';

/** Readings of a pump whose heat follows its flow; `cells` says how a line is written. */
function readings(head: string, cells: (k: number, flow: string, heat: string) => string, odd = -1): string {
  const lines = Array.from({ length: 50 }, (_, k) => {
    const flow = 1 + Math.sin(k);
    return cells(k, flow.toFixed(4), (k === odd ? 9 : 20 + 3 * flow).toFixed(4));
  });
  return `${[head, ...lines].join('\n')}\n`;
}

const comma = (text: string) => text.replace('.', ',');
const how = ['--preprocess', 'standardize', '--model', 'linear', '--hidden', '1', '--iterations', '40'];

test('a table with an ID, a text and decimal commas is trained on, and scored by the names of its columns', () =>
  inScratch(async (folder) => {
    const call = (...args: string[]) => rhohat(args, { cwd: folder });
    const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
    write(
      'german.csv',
      readings('pump;flow;note;heat', (k, f, h) => `P${k};${comma(f)};ok;${comma(h)}`),
    );
    const trained = await call(
      'train',
      'german.csv',
      '--columns',
      'flow,heat',
      '--decimal',
      ',',
      ...how,
      '--out',
      'run',
    );
    assert.is(trained.status, 0, trained.stderr);
    // Training data, ids of its own.
    const own = await call('score', 'run', '--id', 'pump');
    const lines = own.stdout.trimEnd().split('\n');
    assert.equal([lines.length, lines[1].split(',')[0], lines[50].split(',')[0]], [51, 'P0', 'P49']);
    // Other columns around, in another order: the same scores.
    write(
      'new.csv',
      readings('heat;site;flow', (_, f, h) => `${comma(h)};"A;1";${comma(f)}`, 31),
    );
    const scored = await call('score', 'run', 'new.csv');
    assert.is(scored.status, 0, scored.stderr);
    const scores = (text: string) =>
      text
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((line) => Number(line.split(',')[1]));
    const [a, b] = [scores(own.stdout), scores(scored.stdout)];
    const others = (list: number[]) => list.filter((_, k) => k !== 31);
    assert.equal(others(b), others(a));
    assert.is(b.indexOf(Math.max(...b)), 31);
    const named = await call('score', 'run', 'new.csv', '--worst', '1', '--id', 'site');
    assert.match(named.stdout, /\n"A;1",/);
    const parts = (await call('score', 'run', 'new.csv', '--worst', '1', '--by-column')).stdout.trimEnd().split('\n');
    assert.is(parts[0], 'example,squared_error,flow,heat');
    const [k, sum, flow, heat] = parts[1].split(',').map(Number);
    assert.ok(k === 31 && heat > 0 && Math.abs(sum - flow - heat) < 1e-9 * sum, parts[1]);
    // Without a header at the places of training.
    write('bare.csv', readings('', (k, f, h) => `P${k};${comma(f)};ok;${comma(h)}`, 31).slice(1));
    assert.equal(scores((await call('score', 'run', 'bare.csv')).stdout), b);
    // A header that lacks a column is refused, not read by position.
    write(
      'renamed.csv',
      readings('a;b', (_, f, h) => `${comma(f)};${comma(h)}`),
    );
    for (const command of ['score', 'encode']) {
      const { status, stderr } = await call(command, 'run', 'renamed.csv');
      assert.is(status, 2);
      assert.match(
        stderr,
        /renamed\.csv: CSV file: it has no column "flow", which the model was trained on: its first line/,
      );
    }
  }));

test('what a model remembers of a table is no demand on other data', () =>
  inScratch(async (folder) => {
    const call = (...args: string[]) => rhohat(args, { cwd: folder });
    const write = (name: string, text: string | Uint8Array) => writeFileSync(join(folder, name), text);
    const lines = (text: string) => text.trimEnd().split('\n');
    write(
      'a.csv',
      readings('pump;flow;heat', (k, f, h) => `P${k};${comma(f)};${comma(h)}`),
    );
    // In another order than in the file.
    const made = await call('train', 'a.csv', '--columns', 'heat,flow', '--decimal', ',', ...how, '--out', 'run');
    assert.is(made.status, 0, made.stderr);
    const own = (await call('score', 'run')).stdout;
    write('bare.csv', readings('', (k, f, h) => `P${k};${comma(f)};${comma(h)}`).slice(1));
    assert.is((await call('score', 'run', 'bare.csv')).stdout, own, 'places of training, in the order of training');
    write(
      'points.csv',
      readings('flow,heat', (_, f, h) => `${f},${h}`),
    );
    assert.is((await call('score', 'run', 'points.csv', '--decimal', '.')).stdout, own);
    assert.match((await call('score', 'run', 'points.csv')).stderr, /first line names "flow,heat"|decimal/);
    const rows = lines(readFileSync(join(folder, 'points.csv'), 'utf8'))
      .slice(1)
      .map((line) => line.split(',').map(Number));
    write('x.npy', writeNpy(fromRows(rows.map(([f, h]) => [h, f]))));
    assert.is((await call('score', 'run', 'x.npy')).stdout, own);
    write(
      'lacks.csv',
      readings('pump;flow', (k, f) => `P${k};${comma(f)}`),
    );
    assert.match(
      (await call('score', 'run', 'lacks.csv')).stderr,
      /it has no column "heat", which the model was trained on/,
    );
    // A header that has a name twice.
    write(
      'twice.csv',
      readings('a,b,a', (_, f, h) => `${f},${h},1`),
    );
    assert.is((await call('train', 'twice.csv', '--columns', '1,2', ...how, '--out', 'run2')).status, 0);
    assert.is((await call('score', 'run2')).status, 0);
  }));

test('columns by position are read at the same places of a file without a header', () =>
  inScratch(async (folder) => {
    const call = (...args: string[]) => rhohat(args, { cwd: folder });
    writeFileSync(join(folder, 'a.csv'), readings('', (k, f, h) => `P${k},${f},x,${h}`).slice(1));
    assert.is((await call('train', 'a.csv', '--columns', '2,4', ...how, '--out', 'run')).status, 0);
    const [again, other] = [await call('encode', 'run', 'a.csv'), await call('encode', 'run')];
    assert.equal([again.status, again.stdout], [0, other.stdout]);
    for (const [args, message] of [
      [['train', 'a.csv', '--columns', 'flow'], /first line names no columns, so there is no "flow"/],
      [['train', 'a.csv', '--columns', '2,5-9'], /column 5 is asked for: its columns are 1 to 4/],
      [['train', 'a.csv', '--columns', '4-2'], /The range 4-2 ends before it begins/],
      [['train', 'dead-leaves', '--columns', '2'], /dead-leaves: it is no table, and columns tells how to read one/],
      [['score', 'run', 'a.csv', '--id', 'pump'], /first line names no columns, so there is no "pump"/],
    ] as const) {
      const { status, stderr } = await call(...args);
      assert.is(status, 2, stderr);
      assert.match(stderr, message);
    }
  }));

test('a classifier of a table finds its columns by name in test and new data', () =>
  inScratch(async (folder) => {
    const call = (...args: string[]) => rhohat(args, { cwd: folder });
    const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
    write(
      'a.csv',
      readings('pump,flow,heat', (k, f, h) => `P${k},${f},${h}`),
    );
    write(
      'b.csv',
      readings('heat,pump,flow', (k, f, h) => `${h},P${k},${f}`),
    );
    write('labels.csv', Array.from({ length: 50 }, (_, k) => Number(Math.sin(k) > 0)).join('\n'));
    const labels = ['--labels', 'labels.csv', '--test', 'b.csv', '--test-labels', 'labels.csv'];
    const { status, stdout, stderr } = await call(
      'classify',
      'a.csv',
      '--columns',
      'flow,heat',
      ...labels,
      '--out',
      'run',
    );
    assert.is(status, 0, stderr);
    assert.match(stdout, /softmax +\S+ +(\d+\.\d+%) +\1/);
    const [a, b] = [await call('predict', 'run', 'a.csv'), await call('predict', 'run', 'b.csv')];
    assert.equal([a.status, b.status, b.stdout], [0, 0, a.stdout]);
    write(
      'c.csv',
      readings('heat,pump', (k, _, h) => `${h},P${k}`),
    );
    assert.match((await call('predict', 'run', 'c.csv')).stderr, /it has no column "flow"/);
  }));

test('train says when it learnt little, and score names a newer run of the same name', () =>
  inScratch(async (folder) => {
    const call = (...args: string[]) => rhohat(args, { cwd: folder });
    writeFileSync(
      join(folder, 'a.csv'),
      readings('flow,heat', (_, f, h) => `${f},${h}`),
    );
    const little = ['train', 'a.csv', '--preprocess', 'standardize', '--output', 'linear', '--epochs', '1'];
    const few = await call(...little);
    const note = /learnt little +.*the mean activation is 0\.\d+, its target 0\.05\n/;
    assert.match(few.stdout, note);
    assert.not.match((await call('train', 'a.csv', ...how)).stdout, /learnt little/);
    assert.match(readFileSync(join(folder, 'runs/a-2/summary.json'), 'utf8'), /"linear"/);
    utimesSync(join(folder, 'runs/a'), new Date(0), new Date(0));
    assert.match((await call('score', 'runs/a')).stderr, /^rhohat: runs\/a-2 is newer than runs\/a\n/);
    assert.match((await call('score', 'runs/a-2')).stderr, /^median/);
  }));

test.run();
