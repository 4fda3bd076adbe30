import { fork } from 'node:child_process';
import * as v from 'valibot';
import type { Trial } from './trial.ts';

/** Why there is no trial. `lasting`: it would be no other the next time. */
export interface Failure {
  readonly failure: string;
  readonly lasting: boolean;
}

/** Set in the environment of the proof's processes, which begin no proof of their own. */
export const PROVING = 'RHOHAT_PROVING';

/** Signals that someone sent. */
const ASKED: readonly (string | null)[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];

const answer = v.union([
  v.strictObject({ failure: v.string() }),
  v.strictObject({ digests: v.record(v.string(), v.string()), gain: v.pipe(v.number(), v.finite()) }),
]);

/** Runs a program of the proof in a process of its own, which may crash, hang or say anything. Never rejects. */
export function runTrial(program: string, turbo: boolean, limitMs: number): Promise<Trial | Failure> {
  return new Promise((resolve) => {
    const name = turbo ? 'turbo' : 'plain';
    let child: ReturnType<typeof fork>;
    try {
      child = fork(program, [name], {
        // Of this process's flags the one that lets WebAssembly begin where address space is short; none that inspects.
        execArgv: process.execArgv.filter((flag) => flag === '--disable-wasm-trap-handler'),
        env: { ...process.env, [PROVING]: '1' },
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      });
    } catch (error) {
      resolve({ failure: `the proof could not begin: ${(error as Error).message}`, lasting: false });
      return;
    }
    let late = false;
    let said: unknown;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, limitMs);
    const end = (outcome: Trial | Failure) => {
      clearTimeout(timer);
      resolve(outcome);
    };
    child.on('message', (message) => {
      said = message;
    });
    child.on('error', (error) => end({ failure: `the proof could not begin: ${error.message}`, lasting: false }));
    child.on('exit', (_, signal) => {
      if (late) end({ failure: `the proof took longer than ${limitMs / 1000} s`, lasting: true });
      else if (signal !== null) {
        end({ failure: `the proof's process was ended by ${signal}`, lasting: !ASKED.includes(signal) });
      } else end(read(said));
    });
  });
}

function read(said: unknown): Trial | Failure {
  if (!v.is(answer, said)) return { failure: "the proof's process gave no answer", lasting: true };
  return 'failure' in said ? { failure: `the proof failed: ${said.failure}`, lasting: false } : said;
}
