import { spawn, spawnSync } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';

/** Nothing that a row runs takes longer. */
const LONGEST_MS = 300_000;
const START_MS = 60_000;
const quiet = { FORCE_COLOR: '0', NODE_OPTIONS: '', NEXT_TELEMETRY_DISABLED: '1', WRANGLER_SEND_METRICS: 'false' };

let said = '';

/** What the last program that `run` ran wrote, on either stream. */
export function lastSaid(): string {
  return said;
}

/** Runs a program, with `env` on top of this process's, and gives what it wrote. @throws with its last lines where it fails. */
export function run(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    timeout: LONGEST_MS,
    shell: process.platform === 'win32' && program === 'npm',
    env: { ...process.env, ...quiet, ...env },
  });
  said = `${stdout ?? ''}\n${stderr ?? ''}`;
  if (status === 0) return stdout;
  throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? `status ${status}`}\n${lastLines(said)}`);
}

function lastLines(said: string): string {
  return stripVTControlCharacters(said).trim().split('\n').slice(-12).join('\n');
}

/** Runs one of the tools that test/consumers/package.json installs, on the present Node. */
export function tool(path: string, args: readonly string[], cwd: string): string {
  return run(process.execPath, [`${process.cwd()}/test/consumers/node_modules/${path}`, ...args], cwd);
}

/** A server that runs until it is stopped. */
export interface Server {
  /** Fetches JSON from it. @throws with what the server wrote where that fails. */
  json(url: string): Promise<unknown>;
  stop(): Promise<void>;
}

/** Starts a server, and waits until it answers at `url`. @throws with its last lines where it does not. */
export async function serving(program: string, args: readonly string[], cwd: string, url: string): Promise<Server> {
  const group = process.platform !== 'win32'; // its children are to end with it
  const child = spawn(program, args, {
    cwd,
    detached: group,
    env: { ...process.env, ...quiet, CI: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const ended = new Promise<void>((resolve) => {
    child.once('close', resolve);
    child.once('error', (error) => {
      said += error.message;
      resolve();
    });
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      said += chunk;
    });
  }
  const server: Server = {
    async json(path) {
      const response = await fetch(path, { signal: AbortSignal.timeout(START_MS) });
      const text = await response.text();
      try {
        return JSON.parse(text);
      } catch {
        throw new Error(`${path} answered ${response.status}: ${text.slice(0, 500)}\n${lastLines(said)}`);
      }
    },
    async stop() {
      const end = (signal: 'SIGTERM' | 'SIGKILL') => {
        if (child.pid === undefined || child.exitCode !== null) return;
        if (group) process.kill(-child.pid, signal);
        else child.kill(signal);
      };
      end('SIGTERM');
      const late = setTimeout(end, 5_000, 'SIGKILL');
      await ended;
      clearTimeout(late);
    },
  };
  const until = performance.now() + START_MS;
  while (child.exitCode === null && child.pid !== undefined && performance.now() < until) {
    const up = await fetch(url, { signal: AbortSignal.timeout(START_MS) }).catch(() => null);
    if (up !== null) {
      await up.body?.cancel();
      return server;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await server.stop();
  throw new Error(`${program} ${args.join(' ')} does not serve ${url}:\n${lastLines(said)}`);
}
