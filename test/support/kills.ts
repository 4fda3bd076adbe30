import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CheckpointFiles } from '../../src/node/checkpoint-file.ts';
import { RUN_FILE } from '../../src/node/unfinished-run.ts';
import { uniforms } from './views.ts';

const MAIN = join(process.cwd(), 'dist/cli/main.js');

/** Small runs of a few hundred steps, with every optimizer; a checkpoint every few steps. */
export const killedRuns: Readonly<Record<string, readonly string[]>> = {
  'sgd, denoising': [
    ...['--optimizer', 'sgd', '--learning-rate', '0.05', '--momentum', '0.9', '--nesterov', '--hidden', '3'],
    ...['--corruption', 'masking:0.3', '--epochs', '40', '--batch-size', '9', '--checkpoint-every', '3'],
  ],
  'adam, k-sparse annealed': [
    ...['--optimizer', 'adam', '--sparsity', 'k-sparse', '--k', '2', '--activation', 'linear', '--hidden', '8'],
    ...['--epochs', '40', '--batch-size', '9', '--held-out', '5', '--checkpoint-every', '20ms'],
  ],
  'lbfgs, deep': ['--optimizer', 'lbfgs', '--iterations', '80', '--hidden', '5,3', '--checkpoint-every', '1'],
};

/** What a round of kills has seen. */
export interface Kills {
  /** Processes that ended by SIGKILL. */
  readonly kills: number;
  /** Of these, with a checkpoint to go on from. */
  readonly withCheckpoint: number;
  /** Runs that came to their end, each with the bytes of the uninterrupted one. */
  readonly finished: number;
}

/**
 * Runs `rhohat train` again and again, each process killed at a random moment (a function of `seed`), resumed until it
 * ends, then from anew, until `count` kills have struck and the last run has ended.
 * @throws Error where a folder cannot be read after a kill, or the final weights are not those of the uninterrupted run.
 */
export async function killRuns(folder: string, args: readonly string[], count: number, seed: number): Promise<Kills> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'data.csv'), dataTable());
  const begin = ['train', 'data.csv', ...args, '--threads', '1', '--out'];
  const model = (out: string) => readFileSync(join(folder, out, 'model.safetensors'));
  const started = performance.now();
  await ended(start(folder, [...begin, 'whole']));
  const span = performance.now() - started;
  const expected = model('whole');
  const moments = uniforms(4 * count + 20, seed, 0.15, 1.1);
  let [kills, withCheckpoint, finished] = [0, 0, 0];
  for (let i = 0; kills < count || existsSync(join(folder, 'run')); i++) {
    const unfinished = existsSync(join(folder, 'run', RUN_FILE));
    const child = start(folder, unfinished ? ['train', '--resume', 'run', '--threads', '1'] : [...begin, 'run']);
    const moment = kills < count ? span * moments[i % moments.length] : 2 ** 30; // the last run may end
    const timer = setTimeout(() => child.kill('SIGKILL'), moment);
    const { status, signal, stderr } = await ended(child);
    clearTimeout(timer);
    if (signal === 'SIGKILL') {
      kills++;
      if ((await new CheckpointFiles(join(folder, 'run')).read()) !== null) withCheckpoint++;
    } else if (status !== 0) throw new Error(`after ${kills} kills: exit status ${status}: ${stderr}`);
    if (!existsSync(join(folder, 'run', 'model.safetensors')) || existsSync(join(folder, 'run', RUN_FILE))) continue;
    if (!model('run').equals(expected)) throw new Error(`after ${kills} kills: other weights`);
    finished++;
    rmSync(join(folder, 'run'), { recursive: true });
  }
  return { kills, withCheckpoint, finished };
}

function start(cwd: string, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [MAIN, ...args], { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
}

function ended(child: ChildProcess): Promise<{ status: number | null; signal: string | null; stderr: string }> {
  return new Promise((resolve) => {
    let stderr = '';
    child.stderr?.on('data', (chunk) => {
      stderr += chunk;
    });
    child.on('close', (status, signal) => resolve({ status, signal, stderr }));
  });
}

function dataTable(): string {
  const values = uniforms(60 * 6, 3, 0.1, 0.9);
  const rows = Array.from({ length: 60 }, (_, i) => [...values.slice(6 * i, 6 * i + 6)].join(','));
  return `a,b,c,d,e,f\n${rows.join('\n')}\n`;
}
