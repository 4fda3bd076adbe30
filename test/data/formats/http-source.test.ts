import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { httpSource } from '../../../src/data/formats/http-source.ts';
import { assertRefused } from '../../support/errors.ts';

const content = Uint8Array.from({ length: 1000 }, (_, i) => (i * i) % 251);

/** What `use` makes of a server that answers so. */
async function served<T>(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  use: (url: string) => Promise<T>,
) {
  const server = createServer(answer);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/x.safetensors`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const rangeOf = ({ headers }: IncomingMessage) =>
  /^bytes=(\d+)-(\d+)$/
    .exec(headers.range ?? '')
    ?.slice(1)
    .map(Number) ?? [0, content.length - 1];

function withRanges(request: IncomingMessage, response: ServerResponse): void {
  const [begin, last] = rangeOf(request);
  response.writeHead(206, { 'content-range': `bytes ${begin}-${last}/${content.length}` });
  response.end(content.subarray(begin, last + 1));
}

test('a file is read by ranges, each asked for alone', async () => {
  const asked: number[][] = [];
  await served(
    (request, response) => {
      asked.push(rangeOf(request));
      withRanges(request, response);
    },
    async (url) => {
      const source = await httpSource(url, fetch);
      assert.is(source.size, 1000);
      assert.equal(await source.read(10, 20), content.slice(10, 20));
      assert.equal(await source.read(5, 5), new Uint8Array(0));
      assert.equal(await source.read(0, 1000), content);
    },
  );
  assert.equal(asked, [
    [0, 0],
    [10, 19],
    [0, 999],
  ]);
});

test('a server without ranges gives the whole file, up to the limit', async () => {
  await served(
    (_, response) => response.end(content),
    async (url) => {
      const source = await httpSource(url, fetch);
      assert.equal(await source.read(990, 1000), content.slice(990));
      await assertRefused(
        () => httpSource(url, fetch, 999),
        /knows no HTTP Range, and the file has more than 999 bytes/,
      );
    },
  );
});

test('servers that fail, or give what was not asked for, are refused', async () => {
  const refuse = (answer: (request: IncomingMessage, response: ServerResponse) => void, message: RegExp) =>
    served(answer, (url) => assertRefused(async () => (await httpSource(url, fetch)).read(10, 20), message));
  await refuse((_, response) => response.writeHead(404).end(), /answered 404: check the address/);
  await refuse(
    (_, response) => response.writeHead(206, { 'content-range': 'bytes 0-0/*' }).end('x'),
    /does not say how long/,
  );
  await refuse((request, response) => {
    const [begin] = rangeOf(request);
    response.writeHead(206, { 'content-range': `bytes 0-${begin}/1000` }).end(content.subarray(0, begin + 1));
  }, /bytes 10 to 19 were asked for, the server gave 206 bytes 0-10/);
  await refuse((request, response) => {
    const [begin, last] = rangeOf(request);
    response.writeHead(206, { 'content-range': `bytes ${begin}-${last}/1000` });
    response.end(content.subarray(0, begin === 0 ? 1 : 500));
  }, /another number of bytes/);
  await assertRefused(
    () => httpSource('http://x', async () => Promise.reject(new TypeError('no network'))),
    /http:\/\/x: it cannot be fetched: no network/,
  );
});

test.run();
