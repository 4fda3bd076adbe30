import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'chrome'];

/** The browser that CHROMIUM names or the first on the PATH; null where there is none. */
export function findChromium(): string | null {
  const { CHROMIUM, PATH = '' } = process.env;
  if (CHROMIUM) return CHROMIUM;
  const places = PATH.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return places.find((place) => existsSync(place)) ?? null;
}

const quiet = [
  '--headless',
  '--no-sandbox', // it does not start as root with one
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Opens a page in a browser of its own, with a new profile, until `use` is done. */
export async function inChromium<T>(chromium: string, url: string, use: () => Promise<T>): Promise<T> {
  const profile = mkdtempSync(join(tmpdir(), 'rhohat-chromium-'));
  const child = spawn(chromium, [...quiet, `--user-data-dir=${profile}`, url], {
    stdio: 'ignore',
    detached: true, // a group of its own, to be ended as a whole
  });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const failed = new Promise<never>((_, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`${chromium} ended with code ${code}`)));
  });
  failed.catch(() => {});
  try {
    return await Promise.race([use(), failed]);
  } finally {
    if (child.pid !== undefined) endGroup(child.pid);
    await ended;
    await remove(profile);
  }
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {} // it has ended
}

/** Its helpers write for a moment longer than the browser lives; what is left then is the temporary folder's business. */
async function remove(folder: string): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt++) {
    try {
      await rm(folder, { recursive: true, force: true });
      return;
    } catch {
      await wait(100);
    }
  }
}
