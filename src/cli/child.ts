import { type ChildProcess, spawn } from 'node:child_process';
import { setMaxListeners } from 'node:events';
import { createInterface } from 'node:readline';
import { withoutLauncher } from '../node/mpi/launch.ts';
import { ENDS_WITH_PARENT } from './with-parent.ts';

/** Characters of stderr that are kept: its last line says why a run ended. */
const KEPT = 4000;

/** How a process ended. */
export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Its last line on stderr, without the program's name; '' where it said nothing. */
  readonly says: string;
}

/** A process of this command line, which ends with this one. */
export interface Child {
  readonly ended: Promise<Ended>;
  /** Asks for its end: it saves a checkpoint first. */
  end(): void;
}

/** Begins this program, such as `rhohat …`, with the same Node; `onLine` is told of what it writes. */
export function begin(args: readonly string[], onLine?: (line: string) => void): Child {
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1], ...args], {
    stdio: ['ignore', onLine ? 'pipe' : 'ignore', 'pipe', 'ipc'],
    env: { ...withoutLauncher(), [ENDS_WITH_PARENT]: '1' }, // it is none of the processes of mpirun
    windowsHide: true,
  });
  if (onLine) {
    for (const input of [child.stdout, child.stderr]) if (input) createInterface({ input }).on('line', onLine);
  }
  return {
    ended: ended(child),
    end() {
      if (child.connected) child.disconnect();
    },
  };
}

function ended(child: ChildProcess): Promise<Ended> {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (piece: string) => {
    text = (text + piece).slice(-KEPT);
  });
  // Not `close`, which does not come where this process let go of the channel.
  return new Promise((resolve) => {
    let [exit, isRead] = [null as Omit<Ended, 'says'> | null, child.stderr === null];
    const both = () => {
      if (exit === null || !isRead) return;
      resolve({ ...exit, says: lastLine(text) });
    };
    child.on('error', (error) => resolve({ status: null, signal: null, says: error.message }));
    child.on('exit', (status, signal) => {
      exit = { status, signal };
      both();
    });
    child.stderr?.on('close', () => {
      isRead = true;
      both();
    });
  });
}

/** How a process ends, which an abort asks to. */
export async function ran(child: Child, signal: AbortSignal): Promise<Ended> {
  const end = () => child.end();
  setMaxListeners(0, signal); // one of each process that runs
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  try {
    return await child.ended;
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/** Which signal ended a process, itself or after it had saved; null where none did. */
export function signalOf({ status, signal }: Ended): string | null {
  return signal ?? ((status ?? 0) > 128 ? `signal ${(status ?? 0) - 128}` : null);
}

/** Without the program's name; of an error that nobody caught the one that names it, which a stack and Node's version follow. */
function lastLine(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const last = lines[lines.length - 1] ?? '';
  const named = /^Node\.js v\d/.test(last)
    ? lines.filter((line) => /^(Uncaught )?\w*Error\b/.test(line)).pop()
    : undefined;
  return (named ?? last).replace(/^rhohat: /, '');
}
