import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Answer, ViewFiles } from './view-files.ts';

/** Nothing but what the server itself gives is run or shown. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const HEADERS = {
  'Cache-Control': 'no-store',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};
const HOST = '127.0.0.1';
const MOST_CONNECTIONS = 64;
const WAIT_MS = 10_000;
/** How often those that have waited so long are looked for: connections that say nothing shall not take the place of others. */
const LOOK_MS = 2000;

/** A server of runs, on this machine alone. */
export interface ViewServer {
  /** With the token: who does not know it is answered nothing. */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Serves pages about runs on 127.0.0.1, on a free port or on `port`. All of it lies under a token of 128 random bits; requests of other pages
 * (by their origin, or by a name that leads here) are refused.
 * @throws the system's errors, as where the port is taken.
 */
export async function openViewServer(files: ViewFiles, port = 0): Promise<ViewServer> {
  const token = randomBytes(16).toString('hex');
  let names: readonly string[] = [];
  const times = { requestTimeout: WAIT_MS, headersTimeout: WAIT_MS, connectionsCheckingInterval: LOOK_MS };
  const server = createServer(times, (request, response) => {
    const path = isOurs(request, names) ? pathBelow(request.url ?? '', token) : null;
    if (path === null) return refuse(response, 403);
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405);
    files.answer(path, request.headers['if-none-match']).then(
      (answer) => (answer === null ? refuse(response, 404) : send(response, answer, request.method === 'HEAD')),
      () => refuse(response, 500),
    );
  });
  server.maxConnections = MOST_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: HOST, port }, resolve);
  });
  server.on('error', () => undefined);
  const { port: given } = server.address() as AddressInfo;
  names = [`${HOST}:${given}`, `localhost:${given}`];
  return {
    address: `http://${HOST}:${given}/${token}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Whether a request is for this server by its own name, and comes of no other page. */
function isOurs({ headers }: IncomingMessage, names: readonly string[]): boolean {
  const { host, origin } = headers;
  const site = headers['sec-fetch-site'];
  if (host === undefined || !names.includes(host)) return false;
  if (origin !== undefined && origin !== `http://${host}`) return false;
  return site === undefined || site === 'same-origin' || site === 'none';
}

/** What follows the token; null where it is another. */
function pathBelow(url: string, token: string): string | null {
  const given = Buffer.from(url.slice(1, token.length + 1));
  const own = Buffer.from(token);
  if (given.length !== own.length || !timingSafeEqual(given, own)) return null;
  return url.startsWith('/', token.length + 1) ? url.slice(token.length + 2) : null;
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { ...HEADERS, 'Content-Length': 0 }).end();
}

function send(response: ServerResponse, answer: Answer, headOnly: boolean): void {
  const { status = 200, type, body, headers = {}, policy = POLICY } = answer;
  const length = Buffer.byteLength(body);
  const all = { ...HEADERS, 'Content-Security-Policy': policy, 'Content-Type': type, ...headers };
  response.writeHead(status, { ...all, ...(status === 304 ? {} : { 'Content-Length': length }) });
  response.end(headOnly || status === 304 ? undefined : body);
}
