import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Report } from './job.ts';

export interface Site {
  readonly url: string;
  /** What the page posts. */
  readonly report: Promise<Report>;
  close(): void;
}

/** Serves one page with its scripts, every answer with `headers`, and waits for its report. */
export async function serveSite(
  scripts: Readonly<Record<string, string>>,
  headers: Record<string, string>,
): Promise<Site> {
  let told: (report: Report) => void;
  const report = new Promise<Report>((resolve) => {
    told = resolve;
  });
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    if (request.method === 'POST') {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        response.end();
        told(JSON.parse(body));
      });
      return;
    }
    const script = scripts[path.slice(1)];
    if (path === '/') {
      response.writeHead(200, { ...headers, 'content-type': 'text/html' });
      response.end('<!doctype html><meta charset="utf-8"><body><script type="module" src="/page.js"></script>');
    } else {
      response.writeHead(script === undefined ? 404 : 200, { ...headers, 'content-type': 'text/javascript' });
      response.end(script);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, report, close: () => server.closeAllConnections() ?? server.close() };
}
