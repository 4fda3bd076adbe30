import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { uniforms } from '../support/views.ts';
import { inScratch, rhohat } from './command.ts';

const MAIN = join(process.cwd(), 'dist/cli/main.js');

/** 3 × 2 × 3 runs of a few hundred steps, each with a checkpoint every few steps. */
const SWEEP = [
  ...['sweep', 'data.csv', '--vary', 'sparsity.weight=0.01,0.1,1', '--vary', 'hidden=2,3', '--seeds', '3'],
  ...['--epochs', '120', '--batch-size', '9', '--learning-rate', '0.02', '--checkpoint-every', '10', '--jobs', '2'],
];

function dataTable(): string {
  const values = uniforms(60 * 6, 3, 0.1, 0.9);
  const rows = Array.from({ length: 60 }, (_, i) => [...values.slice(6 * i, 6 * i + 6)].join(','));
  return `a,b,c,d,e,f\n${rows.join('\n')}\n`;
}

/** A sweep in a process group of its own. */
function begin(cwd: string, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [MAIN, ...args], { cwd, detached: true, stdio: 'ignore' });
}

const ended = (child: ChildProcess) => new Promise<void>((resolve) => child.on('close', () => resolve()));

/** Run folders that hold a model and nothing to go on with. */
function finished(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.startsWith('weight='));
  return names.filter((name) => {
    const files = readdirSync(join(folder, name));
    return files.includes('model.safetensors') && !files.includes('run.json');
  });
}

/** Resolves some milliseconds after so many runs have ended. */
async function after(folder: string, runs: number, milliseconds: number): Promise<void> {
  while (finished(folder).length < runs) await new Promise((resolve) => setTimeout(resolve, 10));
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** sweep.csv without the seconds, which are measured, line by line. */
function tableOf(folder: string): string[][] {
  const lines = readFileSync(join(folder, 'sweep.csv'), 'utf8').trimEnd().split('\n');
  const cells = lines.map((line) => [...line.matchAll(/"((?:[^"]|"")*)"|([^,]+)|(?<=,)(?=,|$)/g)].map(([all]) => all));
  const seconds = cells[0].indexOf('seconds');
  assert.ok(seconds > 0 && cells.every((line) => line.length === cells[0].length), lines[1]);
  return cells.map((line) => line.filter((_, i) => i !== seconds));
}

test('a sweep of 3 × 2 × 3 runs that is killed twice and resumed equals one left alone', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), dataTable());
    const alone = await rhohat([...SWEEP, '--out', 'alone'], { cwd: folder });
    assert.is(alone.status, 0, alone.stderr);

    const out = join(folder, 'killed');
    const [first, second] = uniforms(2, 29, 50, 900);
    const whole = begin(folder, [...SWEEP, '--out', 'killed']);
    await after(out, 3, first);
    process.kill(-(whole.pid ?? 0), 'SIGKILL'); // the sweep and its runs
    await ended(whole);
    assert.not.ok(existsSync(join(out, 'best.json')), 'it had ended before it was killed');
    const kept = finished(out);
    assert.ok(kept.length >= 3 && kept.length < 18);
    const bytes = kept.map((name) => readFileSync(join(out, name, 'model.safetensors')));

    // The same command again goes on; of this one its runs outlive it, for as long as they save.
    const alive = begin(folder, [...SWEEP, '--out', 'killed']);
    await after(out, kept.length + 3, second);
    process.kill(alive.pid ?? 0, 'SIGKILL');
    await ended(alive);
    assert.not.ok(existsSync(join(out, 'best.json')), 'it had ended before it was killed');

    const resumed = await rhohat(['sweep', '--resume', 'killed', '--jobs', '3'], { cwd: folder });
    assert.is(resumed.status, 0, resumed.stderr);
    const names = finished(join(folder, 'alone'));
    assert.is(names.length, 18);
    assert.equal(finished(out), names);
    for (const name of names) {
      const [a, b] = ['alone', 'killed'].map((of) => readFileSync(join(folder, of, name, 'model.safetensors')));
      assert.ok(a.equals(b), `${name}: other weights`);
    }
    kept.forEach((name, i) => {
      assert.ok(readFileSync(join(out, name, 'model.safetensors')).equals(bytes[i]));
    });
    assert.equal(tableOf(out), tableOf(join(folder, 'alone')));
    assert.equal(readFileSync(join(out, 'best.json'), 'utf8'), readFileSync(join(folder, 'alone/best.json'), 'utf8'));
    assert.equal(readFileSync(join(out, 'curves.svg'), 'utf8'), readFileSync(join(folder, 'alone/curves.svg'), 'utf8'));
    // Runs that had ended were kept: fewer than all began again.
    assert.ok((resumed.stderr.match(/^\d+\/18 /gm) ?? []).length <= 18 - kept.length - 3, resumed.stderr);
  }));

test('Ctrl-C ends a sweep and its runs, which go on from their checkpoints', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), dataTable());
    const args = ['sweep', 'data.csv', '--vary', 'hidden=2,3', '--epochs', '300000', '--jobs', '2', '--out', 'long'];
    const runs = ['hidden=2,seed=1', 'hidden=3,seed=1'];
    const { status, stderr } = await rhohat(args, {
      cwd: folder,
      onStart: (kill) => {
        const wait = setInterval(() => {
          // A line says that steps were taken: the file is there before.
          const hasLine = (path: string) => existsSync(path) && statSync(path).size > 0;
          if (!runs.every((name) => hasLine(join(folder, 'long', name, 'metrics.jsonl')))) return;
          clearInterval(wait);
          kill('SIGINT');
        }, 20);
      },
    });
    assert.is(status, 130, stderr);
    assert.match(stderr, 'interrupted: go on with rhohat sweep --resume long');
    for (const name of runs) {
      const files = readdirSync(join(folder, 'long', name));
      assert.ok(files.includes('run.json') && files.includes('checkpoint.safetensors'), files.join());
      assert.not.ok(files.includes('run.lock'), 'its process goes on');
    }
    assert.not.ok(existsSync(join(folder, 'long', 'run.lock')));
    assert.match(readFileSync(join(folder, 'long', 'sweep.csv'), 'utf8'), /,unfinished,/);
  }));

test('Ctrl-C, which a terminal sends to the sweep and to its runs, lets every run save', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), dataTable());
    for (let tries = 0; tries < 3; tries++) {
      // Nothing but the end writes a checkpoint.
      const long = ['sweep', 'data.csv', '--vary', 'hidden=2,3', '--epochs', '1000000', '--checkpoint-every', '2h'];
      const child = begin(folder, [...long, '--jobs', '2', '--out', `stopped-${tries}`]);
      const runs = ['hidden=2,seed=1', 'hidden=3,seed=1'].map((name) => join(folder, `stopped-${tries}`, name));
      const status = new Promise<number | null>((resolve) => child.on('exit', resolve));
      const hasSteps = (run: string) => statSync(join(run, 'metrics.jsonl'), { throwIfNoEntry: false })?.size;
      while (!runs.every(hasSteps)) {
        assert.is(child.exitCode, null, 'it ended before it was asked to');
        await wait(20);
      }
      process.kill(-(child.pid ?? 0), 'SIGINT');
      assert.is(await status, 130);
      for (const run of runs) assert.ok(existsSync(join(run, 'checkpoint.safetensors')), `${run}: ${readdirSync(run)}`);
    }
  }));

test.run();
