import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { withoutLauncher } from './launch.ts';
import type { Offer } from './watch-address.ts';

/** For the process to listen. */
const START_MS = 20_000;

/**
 * Starts the process that all are connected to, in a session of its own, for it must outlive those of the launcher. It
 * writes to the stderr of this one, and ends with the last of the job.
 * @throws Error where it cannot be started, or listens nowhere.
 */
export function startHub(size: number): Promise<Offer> {
  return new Promise((resolve, reject) => {
    const file = fileURLToPath(builtFile('watch-server.js'));
    const child = spawn(process.execPath, ['--max-semi-space-size=1', file, `${size}`], {
      detached: true,
      stdio: ['pipe', 'pipe', 'inherit'], // by its stdin it sees that this one has ended
      env: withoutLauncher(),
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), START_MS);
    child.stdin.on('error', () => undefined);
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    child.stdout.on('close', () => {
      clearTimeout(timer);
      child.unref();
      (child.stdin as Socket).unref();
      try {
        resolve({ host: hostname(), ...JSON.parse(text) });
      } catch {
        reject(new Error('the process that watches could not begin'));
      }
    });
    child.on('error', reject);
  });
}

/** A file of this folder where the package is built; how far that lies from here depends on how this file is bundled. */
export function builtFile(name: string): URL {
  const levels = ['./', '../', '../../', '../../../'];
  const places = levels.flatMap((up) => [`${up}node/mpi/`, `${up}dist/node/mpi/`]);
  const found = places.map((place) => new URL(`${place}${name}`, import.meta.url)).find((url) => existsSync(url));
  if (found === undefined) throw new Error(`${name} is missing from the package`);
  return found;
}
