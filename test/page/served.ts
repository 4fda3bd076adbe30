import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { readSafetensors } from '../../src/data/formats/safetensors.ts';

const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

/** Builds the playground into a folder, as the site does. */
export function built(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  execFileSync(process.execPath, [
    '--input-type=module',
    '-e',
    `import { buildPlayground } from './src/page/build.mjs'; await buildPlayground('${folder}');`,
  ]);
}

/** Serves a folder on this machine until it is closed. */
export async function served(folder: string): Promise<{ readonly url: string; close(): void }> {
  const server = createServer(({ url = '/' }, response) => {
    const path = join(folder, url === '/' ? 'index.html' : url);
    try {
      const body = readFileSync(path);
      response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream' });
      response.end(body);
    } catch {
      response.writeHead(404);
      response.end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, close: () => server.closeAllConnections() ?? server.close() };
}

/** The trained tensors of a saved model. */
export function tensorsOf(bytes: Uint8Array): Record<string, number[]> {
  const own = [...readSafetensors(bytes).tensors].filter(([name]) => /^(encoder|decoder)/.test(name));
  return Object.fromEntries(own.map(([name, { data }]) => [name, Array.from(data as Float32Array)]));
}
