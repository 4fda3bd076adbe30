import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

/** A folder on localhost. */
export interface Site {
  /** Ends in a slash. */
  readonly url: string;
  /** What browsers said of the policy, at /report. */
  readonly violations: readonly string[];
  close(): void;
}

/** Serves a folder, with the policy where one is given, every answer with `more` headers. */
export async function serveFolder(
  folder: string,
  policy?: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Site> {
  const violations: string[] = [];
  const headers = policy === undefined ? more : { ...more, 'content-security-policy': `${policy}; report-uri /report` };
  const server = createServer(async (request, response) => {
    if (request.method === 'POST') {
      let body = '';
      for await (const chunk of request) body += chunk;
      violations.push(body);
      response.end();
      return;
    }
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname));
    const file = join(folder, path.endsWith('/') ? `${path}index.html` : path);
    try {
      const content = await readFile(file);
      response.writeHead(200, { ...headers, 'content-type': types[extname(file)] ?? 'application/octet-stream' });
      response.end(content);
    } catch {
      // A browser asks for an icon, whatever the page says.
      response.writeHead(path === '/favicon.ico' ? 204 : 404, headers).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    violations,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
