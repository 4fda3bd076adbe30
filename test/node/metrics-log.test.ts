import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MetricsLog, metricsFrom, readMetrics } from '../../src/node/metrics-log.ts';
import type { MetricsLine } from '../../src/report/metrics-line.ts';

const line = (step: number): MetricsLine => ({
  ...{ epoch: step, step, cost: 1 / step, terms: { reconstruction: 1 / step }, gradientNorm: 1, learningRate: null },
  ...{ examplesPerSecond: 10, seconds: step, l0: null, dead: null },
});
const silent = (error: Error) => assert.unreachable(error.message);

async function inFolder(use: (folder: string, path: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'rhohat-metrics-'));
  try {
    await use(folder, join(folder, 'metrics.jsonl'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('lines go to the disk together after a while, and the rest when it is closed; each write ends with a line', () =>
  inFolder(async (folder, path) => {
    const log = await MetricsLog.open(folder, 0, silent);
    for (const step of [1, 2, 3]) log.write(line(step));
    assert.is(readFileSync(path, 'utf8'), '');
    await wait(400);
    assert.is(readFileSync(path, 'utf8').split('\n').length, 4);
    log.write(line(4));
    log.close();
    log.close();
    assert.equal(
      (await readMetrics(folder)).map(({ step }) => step),
      [1, 2, 3, 4],
    );
    assert.ok(readFileSync(path, 'utf8').endsWith('}\n'));
  }));

test('a run that goes on from a checkpoint keeps the lines up to its step, and no half line', () =>
  inFolder(async (folder, path) => {
    const first = await MetricsLog.open(folder, 0, silent);
    for (const step of [1, 2, 3, 4]) first.write(line(step));
    first.close();
    appendFileSync(path, '{"epoch":5,"st');
    const log = await MetricsLog.open(folder, 2, silent);
    log.write(line(3));
    log.close();
    assert.equal(
      (await readMetrics(folder)).map(({ step }) => step),
      [1, 2, 3],
    );
    assert.is(readFileSync(path, 'utf8').split('\n').length, 4);
  }));

test('a new run begins a new file; a process that has lost the folder writes into no file that has a name', () =>
  inFolder(async (folder, path) => {
    const lost = await MetricsLog.open(folder, 0, silent);
    lost.write(line(1));
    lost.flush();
    const log = await MetricsLog.open(folder, 0, silent);
    assert.is(readFileSync(path, 'utf8'), '');
    lost.write(line(2));
    lost.close();
    log.write(line(7));
    log.close();
    assert.equal(
      (await readMetrics(folder)).map(({ step }) => step),
      [7],
    );
  }));

test('what is no line of metrics is passed over; long files are thinned, their last line kept', () =>
  inFolder(async (folder, path) => {
    assert.equal(await readMetrics(folder), []);
    writeFileSync(path, `\n{}\nnull\n[1]\n{"step":"1","epoch":1,"terms":{}}\n${JSON.stringify(line(5))}\nnonsense\n`);
    assert.equal(
      (await readMetrics(folder)).map(({ step }) => step),
      [5],
    );
    const many = Array.from({ length: 50_001 }, (_, i) => `${JSON.stringify(line(i + 1))}\n`).join('');
    writeFileSync(path, many);
    const read = await readMetrics(folder);
    assert.ok(read.length <= 20_001 && read.length >= 10_000, `${read.length}`);
    assert.is(read[read.length - 1].step, 50_001);
    assert.ok(read.every(({ step }, i) => i === 0 || step > read[i - 1].step));
  }));

test('metricsFrom: whole lines from a byte on, and where the next ones begin', () =>
  inFolder(async (folder, path) => {
    assert.is(await metricsFrom(folder, 0), null);
    writeFileSync(path, 'a\nbc\nd');
    assert.equal(await metricsFrom(folder, 0), { text: 'a\nbc\n', next: 5 });
    assert.equal(await metricsFrom(folder, 5), { text: '', next: 5 });
    appendFileSync(path, 'é\n');
    assert.equal(await metricsFrom(folder, 5), { text: 'dé\n', next: 9 });
  }));

test('where the disk fails, that is told once, and no more is written', () => {
  if (!existsSync('/dev/full')) return;
  return inFolder(async (folder) => {
    const told: string[] = [];
    const log = await MetricsLog.open(folder, 0, (error) => told.push(error.message));
    // The descriptor of a disk that is full.
    Object.assign(log, { file: (await import('node:fs')).openSync('/dev/full', 'w') });
    log.write(line(1));
    log.flush();
    log.write(line(2));
    log.close();
    assert.is(told.length, 1);
    assert.match(told[0], /ENOSPC/);
  });
});

test.run();
