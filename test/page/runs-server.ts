import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';

const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** A run as the server has it. */
export interface ServedRun {
  view: unknown;
  /** Of metrics.jsonl. */
  text: string;
  /** Any value as JSON; null: there is none. */
  snapshot: unknown;
}

/** Builds the page of runs into a folder. */
export function builtRuns(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  execFileSync(process.execPath, [
    '--input-type=module',
    '-e',
    `import { buildRuns } from './src/page/build.mjs'; await buildRuns('${folder}');`,
  ]);
}

/** Answers as `rhohat view` does, of runs that a test changes. */
export class RunsServer {
  readonly runs: ServedRun[];
  /** Addresses that were asked for, less the prefix. */
  readonly asked: string[] = [];
  private readonly folder: string;
  private server: Server | null = null;
  private port = 0;

  constructor(folder: string, runs: ServedRun[]) {
    this.folder = folder;
    this.runs = runs;
  }

  /** Begins to answer, after `stop` at the same address. */
  async start(): Promise<string> {
    const server = createServer(({ url = '/', headers }, response) => {
      const { pathname, searchParams } = new URL(url, 'http://localhost');
      const path = pathname.replace(/^\/secret\//, './');
      this.asked.push(path);
      const send = (status: number, type: string, body: string | Buffer = '', more: Record<string, string> = {}) =>
        response.writeHead(status, { 'content-type': type, 'content-security-policy': CSP, ...more }).end(body);
      const [, i, what] = /^\.\/runs\/(\d+)\/(.+)$/.exec(path) ?? [];
      const run = i === undefined ? undefined : this.runs[Number(i)];
      if (path === './runs.json')
        send(200, 'application/json', JSON.stringify({ runs: this.runs.map(({ view }) => view) }));
      else if (run && what === 'metrics') {
        const bytes = Buffer.from(run.text);
        const from = Number(searchParams.get('from'));
        const restart = from > bytes.length;
        send(200, 'text/plain; charset=utf-8', bytes.subarray(restart ? 0 : from), {
          'x-next': `${bytes.length}`,
          ...(restart ? { 'x-restart': '1' } : {}),
        });
      } else if (run?.snapshot && what === 'snapshot.json') {
        const body = JSON.stringify(run.snapshot);
        const etag = `"${body.length}-${body.slice(0, 60).replace(/[^\w]/g, '')}"`;
        if (headers['if-none-match'] === etag) send(304, 'application/json', '', { etag });
        else send(200, 'application/json', body, { etag });
      } else if (run && what === 'report.html') send(200, 'text/html', 'the report');
      else {
        const file = path === './' ? 'index.html' : path;
        try {
          send(200, types[extname(file)] ?? 'application/octet-stream', readFileSync(join(this.folder, file)));
        } catch {
          send(404, 'text/plain');
        }
      }
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.server = server;
    this.port = (server.address() as AddressInfo).port;
    return `http://127.0.0.1:${this.port}/secret/`;
  }

  async stop(): Promise<void> {
    const { server } = this;
    this.server = null;
    server?.closeAllConnections();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
  }
}
