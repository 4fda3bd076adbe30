import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MAIN = join(process.cwd(), 'dist/cli/main.js');

/** How data were read, which every command that trains says. */
const READ = /^rhohat: [^\n]*; (float|u?int)\d+ from [^\n]*\n/m;

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  /** Without the line about how the data were read. */
  readonly stderr: string;
  /** That line, where there is one. */
  readonly read?: string;
}

/** Runs `rhohat …` as a user without a terminal, in `cwd`; `during` may act on the process once it writes to stderr. */
export function rhohat(
  args: readonly string[],
  options: {
    cwd?: string;
    env?: NodeJS.ProcessEnv;
    /** A script for bash instead, in which `rhohat` is the command. */
    shell?: string;
    onStart?: (kill: (signal: NodeJS.Signals) => void) => void;
    onStderr?: () => void;
  } = {},
): Promise<Outcome> {
  return new Promise((resolve) => {
    const script = `rhohat() { "${process.execPath}" "${MAIN}" "$@"; }; ${options.shell}`;
    const [program, given] =
      options.shell === undefined ? [process.execPath, [MAIN, ...args]] : ['bash', ['-c', script]];
    const child = spawn(program, given, {
      cwd: options.cwd ?? process.cwd(),
      env: { ...process.env, RHOHAT_DATA: '', RHOHAT_DEBUG: '', ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
      options.onStderr?.();
    });
    child.on('close', (status) => {
      const [read] = READ.exec(stderr) ?? [];
      resolve({ status, stdout, stderr: stderr.replace(READ, ''), ...(read === undefined ? {} : { read }) });
    });
    options.onStart?.((signal) => child.kill(signal));
  });
}

/** A folder that goes when `use` ends. */
export async function inScratch(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'rhohat-cli-'));
  try {
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A CSV table of `rows` examples in [0.1, 0.9] with some structure. */
export function table(rows: number): string {
  const lines = ['a,b,c,d'];
  for (let i = 0; i < rows; i++) {
    const t = (i * 0.37) % 1;
    lines.push([0.1 + 0.8 * t, 0.9 - 0.8 * t, 0.5 + 0.4 * Math.sin(9 * t), 0.5].join(','));
  }
  return `${lines.join('\n')}\n`;
}

/** Classes of the rows of `table`, one a line: 0, 1, 2 by the first column. */
export function classes(rows: number): string {
  return Array.from({ length: rows }, (_, i) => `${Math.floor(3 * ((i * 0.37) % 1))}\n`).join('');
}

/** An IDX file of `count` grey images of side × side, a bright bar each. */
export function images(count: number, side = 4): Uint8Array {
  const word = (n: number) => [0, 0, n >> 8, n & 255];
  const pixels = Array.from({ length: count * side * side }, (_, p) => {
    const [i, column] = [Math.floor(p / side ** 2), p % side];
    return column === i % side ? 230 : 20 + ((p * 7 + i) % 40);
  });
  return Uint8Array.from([0, 0, 8, 3, ...word(count), ...word(side), ...word(side), ...pixels]);
}

/** For `onStart`: Ctrl-C, `milliseconds` after the lock of `out` shows that training is about to begin. */
export function interrupted(folder: string, out: string, milliseconds = 300) {
  return (kill: (signal: NodeJS.Signals) => void) => {
    const wait = setInterval(() => {
      if (!existsSync(join(folder, out, 'run.lock'))) return;
      clearInterval(wait);
      setTimeout(() => kill('SIGINT'), milliseconds);
    }, 20);
  };
}

/** For `onStart`: acts once `path` is there. */
export function once(path: string, act: (kill: (signal: NodeJS.Signals) => void) => void) {
  return (kill: (signal: NodeJS.Signals) => void) => {
    const wait = setInterval(() => {
      if (!existsSync(path)) return;
      clearInterval(wait);
      act(kill);
    }, 5);
  };
}
