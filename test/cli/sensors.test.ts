import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadModel } from '../../src/node/model-files.ts';
import { inScratch, rhohat } from './command.ts';

const ROWS = 5000;
const ODD = [777, 2345, 4444];

/** A number in [0, 1) that looks random. */
const chance = (k: number, of: number) => {
  const x = Math.sin(12.9898 * k + 78.233 * of) * 43758.5453;
  return x - Math.floor(x);
};

/** Readings of three pumps, one in a hundred missing; in three rows the heat does not go with the flow. */
function sensors(rows: number): { text: string; flows: (number | null)[] } {
  const lines = ['timestamp,sensor_id,pump,running,flow,heat,pressure,vibration'];
  const flows: (number | null)[] = [];
  for (let k = 0; k < rows; k++) {
    const pump = 'ABC'[Math.floor(3 * chance(k, 1))];
    const base = { A: 0, B: 3, C: -2 }[pump] ?? 0;
    const flow = 1 + Math.sin(k / 50) + 0.05 * chance(k, 2);
    const heat = 20 + 3 * flow + base + 0.2 * chance(k, 3) + (ODD.includes(k) ? 60 : 0);
    const pressure = 5 - 1.5 * flow + 0.1 * chance(k, 4);
    const vibration = 0.3 * flow + 0.2 * base + 0.04 * chance(k, 5);
    const cells = [flow, heat, pressure, vibration].map((value, j) =>
      chance(k, 10 + j) < 0.01 && !ODD.includes(k) ? ['', 'NaN', 'null'][k % 3] : value.toFixed(4),
    );
    flows.push(/\d/.test(cells[0]) ? Number(cells[0]) : null);
    const time = new Date(1.7e12 + 60_000 * k).toISOString();
    lines.push([time, `S${k}`, pump, chance(k, 6) < 0.9, ...cells].join(','));
  }
  return { text: `${lines.join('\n')}\n`, flows };
}

test('5,000 sensor rows with a timestamp, an id, a category and gaps: from file to report', () =>
  inScratch(async (folder) => {
    const call = (...args: string[]) => rhohat(args, { cwd: folder });
    const { text, flows } = sensors(ROWS);
    writeFileSync(join(folder, 'sensors.csv'), text);
    const dated = await call('train', 'sensors.csv');
    assert.is(dated.status, 2);
    assert.match(dated.stderr, /the column "timestamp" holds dates .*: leave it out \(--without timestamp\)/);
    const missing = await call('train', 'sensors.csv', '--without', 'timestamp');
    assert.match(
      missing.stderr,
      /numbers are missing, .*: fill them \(--fill median of rhohat train\), leave their rows out \(--drop-rows\)/,
    );
    const how = ['--without', 'timestamp', '--fill', 'median', '--hidden', '3', '--held-out', '500'];
    const trained = await call('train', 'sensors.csv', ...how, '--out', 'run');
    assert.is(trained.status, 0, trained.stderr);
    const said = [
      'numbers as they are: flow, heat, pressure, vibration',
      'true and false as 1 and 0: running',
      'one input a category: pump (A, B, C)',
      'names of the examples, no input: sensor_id',
    ];
    for (const line of said) assert.ok(trained.stderr.includes(`rhohat: sensors.csv: ${line}\n`), line);
    assert.match(trained.read ?? '', /^rhohat: sensors\.csv: 5,000 examples of 8 numbers; float64 from .* missing/);
    assert.match(
      trained.stdout,
      /\n {2}values {10}float64 from [-\d.]+ to [\d.]+, mean [\d.]+, deviation [\d.]+; \d+ missing/,
    );
    // What fills the gaps is the median of the training rows alone, as NumPy's nanmedian has it.
    const [fill] = (await loadModel(join(folder, 'run'))).preprocessing;
    const known = flows
      .slice(0, ROWS - 500)
      .filter((flow) => flow !== null)
      .sort((a, b) => a - b);
    const half = known.length / 2;
    const expected = (known[Math.ceil(half) - 1] + known[Math.floor(half)]) / 2;
    assert.is(fill.kind === 'fill' && fill.values.get(4), expected);
    // The planted rows stand first, by their ids; what was done is said again.
    const scored = await call('score', 'run', '--worst', '3', '--report', 'odd.html');
    const ids = scored.stdout
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',')[0]);
    assert.equal(ids.sort(), ODD.map((k) => `S${k}`).sort());
    for (const line of said) assert.ok(scored.stderr.includes(line), line);
    assert.match(readFileSync(join(folder, 'odd.html'), 'utf8'), /heat/);
    const shown = (await call('inspect', 'run')).stdout;
    for (const line of said) assert.ok(shown.includes(`\n  ${line}\n`), line);
    assert.match(shown, /\npreprocessing\n {2}fill, standardize\n/);
    // The same bits again.
    await call('train', 'sensors.csv', ...how, '--out', 'again');
    const file = (name: string) => readFileSync(join(folder, name, 'model.safetensors'));
    assert.is(Buffer.compare(file('run'), file('again')), 0);
    // New rows: another order, a pump that training did not show, a gap.
    writeFileSync(
      join(folder, 'new.csv'),
      'pump,heat,running,vibration,flow,pressure\nA,23,true,0.3,1,3.5\nZ,23,true,,1,3.5\n',
    );
    const encoded = await call('encode', 'run', 'new.csv');
    assert.is(encoded.stdout.trim().split('\n').length, 2);
    assert.match(encoded.stderr, /pump: 1 of 2 cells are of categories that training did not show: all zeros/);
    writeFileSync(join(folder, 'lacks.csv'), 'heat,running,vibration,flow,pressure\n23,true,0.3,1,3.5\n');
    assert.match((await call('encode', 'run', 'lacks.csv')).stderr, /no column "pump", which the model was trained on/);
    const dropped = await call('score', 'run', 'new.csv', '--drop-rows');
    assert.is(dropped.stdout.trim().split('\n').length, 2);
    assert.match(dropped.stderr, /1 of 2 rows have gaps and are left out: line 3/);
  }));

test('labels that are texts: classes in their order, shown by predict and the summary', () =>
  inScratch(async (folder) => {
    const call = (...args: string[]) => rhohat(args, { cwd: folder });
    const kinds = ['rose', 'oak', 'moss'];
    const lines = Array.from(
      { length: 60 },
      (_, k) => `P${k},${(k % 3) + 0.1 * chance(k, 1)},${k % 3 === 2 ? 'wet' : 'dry'},${kinds[k % 3]}`,
    );
    writeFileSync(join(folder, 'k.csv'), `id,height,place,kind\n${lines.join('\n')}\n`);
    const made = await call('classify', 'k.csv', '--label-column', 'kind', '--test-share', '0.3', '--out', 'c');
    assert.is(made.status, 0, made.stderr);
    assert.match(made.stdout, /\n {2}classes 0 moss, 1 oak, 2 rose\n/);
    assert.match(made.stdout, /softmax .* 100\.00% +100\.00%/);
    const predicted = (await call('predict', 'c', 'k.csv')).stdout.split('\n');
    assert.is(predicted[0], 'class,moss,oak,rose');
    assert.equal(
      predicted.slice(1, 4).map((line) => line.split(',')[0]),
      kinds,
    );
    // Trained without the labels, then classified by them.
    const trained = await call(
      'train',
      'k.csv',
      '--label-column',
      'kind',
      '--hidden',
      '2',
      '--epochs',
      '2',
      '--out',
      'r',
    );
    assert.match(trained.stdout, /\n {2}model {11}3-2-3/);
    const on = await call('classify', 'k.csv', '--on', 'r', '--label-column', 'kind', '--test', 'k.csv', '--out', 'c2');
    assert.match(on.stdout, /60 training and 60 test examples/);
    const asked = await call('classify', 'k.csv', '--labels', 'k.csv:kind');
    assert.match(asked.stderr, /it holds no numbers: labels that are texts are named with --label-column kind/);
  }));

test('rows are images where --image says so', () =>
  inScratch(async (folder) => {
    const call = (...args: string[]) => rhohat(args, { cwd: folder });
    const rows = Array.from({ length: 12 }, (_, k) =>
      Array.from({ length: 12 }, (_, j) => Math.floor(255 * chance(k, j))),
    );
    writeFileSync(join(folder, 'p.csv'), `${rows.map((row) => row.join(',')).join('\n')}\n`);
    const how = ['--unit', '255', '--hidden', '2', '--epochs', '2', '--out', 'run'];
    const { stdout, status, stderr } = await call('train', 'p.csv', '--image', '2x2x3', ...how);
    assert.is(status, 0, stderr);
    assert.match(stdout, /read as {9}12 images of 2×2, colour, divided by 255/);
    assert.ok(readFileSync(join(folder, 'run/features.png')).length > 0);
    assert.match(
      (await call('train', 'p.csv', '--image', '3x3', ...how)).stderr,
      /--image is 3x3x1, 9 numbers, and an example has 12/,
    );
  }));

test.run();
