import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { inScratch, rhohat, table } from './command.ts';

const MAIN = join(process.cwd(), 'dist/cli/main.js');

/** A process of the command line, and what it has said so far. */
interface Running {
  readonly child: ChildProcess;
  readonly said: { stdout: string; stderr: string };
  readonly ended: Promise<number | null>;
}

function started(args: readonly string[], cwd: string): Running {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { ...process.env, RHOHAT_DATA: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk) => {
    said.stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    said.stderr += chunk;
  });
  return { child, said, ended: new Promise((resolve) => child.on('close', resolve)) };
}

async function until<T>(find: () => T | null | undefined | Promise<T | null | undefined>): Promise<T> {
  for (let i = 0; i < 600; i++) {
    const found = await find();
    if (found !== null && found !== undefined) return found;
    await wait(50);
  }
  throw new Error('waited for 30 s in vain');
}

const addressIn = (text: string) => text.match(/http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}\//)?.[0];
const read = (url: string) =>
  new Promise<string | null>((resolve) => {
    get(url, { agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve(response.statusCode === 200 ? text : null));
    }).on('error', () => resolve(null));
  });

/** A run that takes some seconds. */
const LONG = [
  'train',
  'table.csv',
  '--hidden',
  '8',
  '--optimizer',
  'adam',
  '--epochs',
  '6000',
  '--batch-size',
  '10',
  '--out',
  'run',
];

test('train --live: the run is seen while it trains, and the view ends with it, though nobody closes its page', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'table.csv'), table(60));
    const { said, ended, child } = started([...LONG, '--live'], folder);
    const address = await until(() => addressIn(said.stderr));
    // A reader that stays: its connection is kept, and never closed by itself.
    const { request, Agent } = await import('node:http');
    const agent = new Agent({ keepAlive: true });
    request(`${address}runs.json`, { agent }, (response) => response.resume())
      .on('error', () => undefined)
      .end();
    const view = await until(async () => {
      const text = await read(`${address}runs.json`);
      const [run] = text === null ? [] : JSON.parse(text).runs;
      return run?.state === 'running' ? run : null;
    });
    assert.is(view.steps, 36_000);
    assert.is(view.settings['model.hidden'], '8');
    const lines = await until(async () => (await read(`${address}runs/0/metrics`)) || null);
    assert.is(JSON.parse(lines.split('\n')[0]).epoch, 2); // of more than 5,000 epochs every second one
    const snapshot = await until(async () =>
      child.exitCode === null ? await read(`${address}runs/0/snapshot.json`) : '{}',
    );
    assert.is(JSON.parse(snapshot).units, 8);
    assert.match((await read(address)) ?? '', /<html/);
    assert.is(await read(address.replace(/[0-9a-f]{32}/, '0'.repeat(32))), null);
    assert.is(await ended, 0);
    assert.is(await read(address), null);
    agent.destroy();
    for (const name of ['metrics.jsonl', 'snapshot.json', 'report.html', 'summary.json']) {
      assert.ok(existsSync(join(folder, 'run', name)), name);
    }
    assert.ok(statSync(join(folder, 'run/report.html')).size < 2e6);
  }));

test('a port that is taken: the run is told of, and trains', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'table.csv'), table(60));
    const { createServer } = await import('node:net');
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    const args = ['train', 'table.csv', '--hidden', '3', '--out', 'run', '--live', '--port', `${port}`];
    const { status, stderr } = await rhohat(args, { cwd: folder });
    taken.close();
    assert.is(status, 0);
    assert.match(stderr, /--live is left out: .*EADDRINUSE/);
  }));

test('killed at random moments: every line of metrics is whole, a view and a report say that it did not end; resumed, they go on', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'table.csv'), table(60));
    let kills = 0;
    let last = 0;
    for (const [i, moment] of [700, 1100, 450, 900, 600, 1300].entries()) {
      const args = i === 0 ? [...LONG, '--checkpoint-every', '500'] : ['train', '--resume', 'run'];
      const { child, ended } = started(args, folder);
      await until(() => (existsSync(join(folder, 'run/run.json')) ? true : child.exitCode));
      await wait(moment);
      child.kill('SIGKILL');
      if ((await ended) === 0) break;
      kills++;
      const path = join(folder, 'run/metrics.jsonl');
      const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
      assert.ok(text === '' || text.endsWith('}\n'), text.slice(-80));
      const steps = text
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line).step as number);
      assert.ok(
        steps.every((step, k) => k === 0 || step > steps[k - 1]),
        'a step stands twice',
      );
      last = Math.max(last, steps[steps.length - 1] ?? 0);
      const report = await rhohat(['report', 'run', '--out', `report-${i}.html`], { cwd: folder });
      assert.is(report.status, 0, report.stderr);
      assert.match(
        readFileSync(join(folder, `report-${i}.html`), 'utf8'),
        /It did not end: rhohat train --resume run goes on/,
      );
    }
    assert.ok(kills >= 3 && last > 0, `${kills} kills, step ${last}`);
    const viewing = started(['view', 'run'], folder);
    const address = await until(() => addressIn(viewing.said.stdout));
    const [view] = JSON.parse((await read(`${address}runs.json`)) ?? '').runs;
    assert.is(view.state, 'unfinished');
    assert.match(view.says, /did not end: rhohat train --resume run goes on/);
    const resumed = started(['train', '--resume', 'run', '--live'], folder);
    await until(() => addressIn(resumed.said.stderr));
    await until(async () =>
      JSON.parse((await read(`${address}runs.json`)) ?? '').runs[0].state === 'running' ? true : null,
    );
    assert.is(await resumed.ended, 0);
    const [over] = JSON.parse((await read(`${address}runs.json`)) ?? '').runs;
    assert.is(over.state, 'finished');
    viewing.child.kill('SIGINT');
    await viewing.ended;
    const steps = readFileSync(join(folder, 'run/metrics.jsonl'), 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line).step as number);
    assert.ok(steps.every((step, k) => k === 0 || step > steps[k - 1]));
    assert.is(steps[steps.length - 1], 36_000);
  }));

test('a checkpoint is on the disk no sooner than the lines of metrics until then', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'table.csv'), table(60));
    const { child, ended } = started([...LONG, '--checkpoint-every', '50', '--metrics-every', '10'], folder);
    await until(() => (existsSync(join(folder, 'run/checkpoint.safetensors')) ? true : child.exitCode));
    child.kill('SIGKILL');
    await ended;
    const lines = readFileSync(join(folder, 'run/metrics.jsonl'), 'utf8').split('\n').slice(0, -1);
    const steps = lines.map((line) => JSON.parse(line).step as number);
    assert.equal(steps.slice(0, 5), [10, 20, 30, 40, 50]);
  }));

test('view: what holds no run is refused in a line; finished runs of other releases are shown by their history', () =>
  inScratch(async (folder) => {
    const { status, stderr } = await rhohat(['view', '.'], { cwd: folder });
    assert.is(status, 2);
    assert.match(stderr, /^rhohat: \.: it holds no run: name a folder that rhohat train wrote\n$/);
    const none = await rhohat(['report', 'nowhere'], { cwd: folder });
    assert.is(none.status, 2);
    assert.match(none.stderr, /nowhere: there is no such folder/);
  }));

test('--metrics-every and the command that repeats a run', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'a table.csv'), table(60));
    const args = [
      'train',
      'a table.csv',
      '--hidden',
      '3',
      '--optimizer',
      'adam',
      '--epochs',
      '5',
      '--batch-size',
      '20',
      '--metrics-every',
      '4',
      '--out',
      'run',
    ];
    assert.is((await rhohat(args, { cwd: folder })).status, 0);
    const steps = readFileSync(join(folder, 'run/metrics.jsonl'), 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line).step);
    assert.equal(steps, [4, 8, 12, 15]);
    const report = readFileSync(join(folder, 'run/report.html'), 'utf8');
    const command = report.match(/<pre>(rhohat train[^<]*)<\/pre>/)?.[1].replaceAll('&#39;', "'") ?? '';
    assert.match(command, /^rhohat train 'a table\.csv' --hidden 3/);
    const again = await rhohat([], { cwd: folder, shell: command });
    assert.is(again.status, 0, again.stderr);
    const model = (name: string) => readFileSync(join(folder, name, 'model.safetensors'));
    assert.ok(model('run').equals(model('runs/a-table')), 'the command made another model');
  }));

test.run();
