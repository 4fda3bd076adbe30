import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CheckpointFiles } from '../../src/node/checkpoint-file.ts';
import { RUN_FILE } from '../../src/node/unfinished-run.ts';
import { allGone, markOf, processesOf } from './faulty-job.ts';
import { type Launcher, rhohatJob } from './mpirun.ts';
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

/** A run that has begun. */
export interface Begun {
  /** Kills a process of it, where one is there: of several, the one at `pick` in [0, 1). */
  kill(pick: number): void;
  /** `killed`: it ended by that. `named`: a line on stderr has said which one it was. */
  readonly ended: Promise<{
    readonly status: number | null;
    readonly killed: boolean;
    readonly named: boolean;
    readonly stderr: string;
  }>;
}

/** Begins `rhohat …` in a folder. */
export type Begin = (cwd: string, args: readonly string[]) => Begun;

/** What a round of kills has seen. */
export interface Kills {
  /** Runs that ended by SIGKILL. */
  readonly kills: number;
  /** Of these, in which a line said which of several processes it was. */
  readonly named: number;
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
export async function killRuns(
  folder: string,
  args: readonly string[],
  count: number,
  seed: number,
  begin: Begin = alone,
): Promise<Kills> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'data.csv'), dataTable());
  const anew = ['train', 'data.csv', ...args, '--threads', '1', '--out'];
  const model = (out: string) => readFileSync(join(folder, out, 'model.safetensors'));
  const started = performance.now();
  const { status, stderr } = await begin(folder, [...anew, 'whole']).ended;
  if (status !== 0) throw new Error(`the run that was left alone: exit status ${status}: ${stderr}`);
  const span = performance.now() - started;
  const expected = model('whole');
  const moments = uniforms(4 * count + 20, seed, 0.15, 1.1);
  const picks = uniforms(4 * count + 20, seed + 1000, 0, 1);
  let [kills, named, withCheckpoint, finished] = [0, 0, 0, 0];
  // A kill may strike before there is a folder: a run is brought to its end in any case.
  for (let i = 0; kills < count || finished === 0 || existsSync(join(folder, 'run')); i++) {
    const unfinished = existsSync(join(folder, 'run', RUN_FILE));
    const run = begin(folder, unfinished ? ['train', '--resume', 'run', '--threads', '1'] : [...anew, 'run']);
    const moment = kills < count ? span * moments[i % moments.length] : 2 ** 30; // the last run may end
    const timer = setTimeout(() => run.kill(picks[i % picks.length]), moment);
    const outcome = await run.ended;
    clearTimeout(timer);
    if (outcome.killed) {
      kills++;
      if (outcome.named) named++;
      if ((await new CheckpointFiles(join(folder, 'run')).read()) !== null) withCheckpoint++;
    } else if (outcome.status !== 0) {
      throw new Error(`after ${kills} kills: exit status ${outcome.status}: ${outcome.stderr}`);
    }
    if (!existsSync(join(folder, 'run', 'model.safetensors')) || existsSync(join(folder, 'run', RUN_FILE))) continue;
    if (!model('run').equals(expected)) throw new Error(`after ${kills} kills: other weights`);
    finished++;
    rmSync(join(folder, 'run'), { recursive: true });
  }
  return { kills, named, withCheckpoint, finished };
}

/** In one process. */
const alone: Begin = (cwd, args) => {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  return {
    kill: () => child.kill('SIGKILL'),
    ended: new Promise((resolve) => {
      let stderr = '';
      child.stderr.on('data', (chunk) => {
        stderr += chunk;
      });
      child.on('close', (status, signal) => {
        resolve({ status, killed: signal === 'SIGKILL', named: false, stderr });
      });
    }),
  };
};

/** In several processes of a launcher, of which any is killed. A job that hangs has the status null, which is an error. */
export function underMpi(launcher: Launcher, processes: number): Begin {
  return (cwd, args) => {
    let rank = -1;
    const job = rhohatJob(launcher, processes, args, { cwd, env: markOf(cwd) });
    return {
      kill(pick) {
        const wanted = Math.floor(pick * processes);
        const found = processesOf(cwd).find((each) => each.rank === wanted);
        if (found === undefined) return; // not yet, or no longer
        process.kill(found.pid, 'SIGKILL');
        rank = wanted;
      },
      ended: job.then(async ({ status, stderr }) => {
        await allGone(cwd);
        const named = stderr.includes(`rhohat: rank ${rank} of ${processes} `);
        return { status, killed: rank >= 0 && status !== null && status !== 0, named, stderr };
      }),
    };
  };
}

function dataTable(): string {
  const values = uniforms(60 * 6, 3, 0.1, 0.9);
  const rows = Array.from({ length: 60 }, (_, i) => [...values.slice(6 * i, 6 * i + 6)].join(','));
  return `a,b,c,d,e,f\n${rows.join('\n')}\n`;
}
