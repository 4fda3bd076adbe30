import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openRuns } from '../../src/node/view/run-reader.ts';
import { ViewFiles } from '../../src/node/view/view-files.ts';
import { openViewServer } from '../../src/node/view/view-server.ts';

interface Got {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

interface Served {
  readonly folder: string;
  readonly address: string;
  get(path: string, headers?: Record<string, string>, method?: string): Promise<Got>;
}

const metrics = (steps: readonly number[]) =>
  steps.map((step) => `${JSON.stringify({ epoch: step, step, cost: 1, terms: {}, l0: null, dead: null })}\n`).join('');

/** A server of one finished run, or of what `make` makes of its folder. */
async function serving(use: (served: Served) => Promise<void>, make?: (folder: string) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'rhohat-view-'));
  const [page, run] = [join(folder, 'page'), join(folder, 'run')];
  for (const made of [page, run]) mkdirSync(made);
  for (const name of ['index.html', 'main.js', 'style.css']) writeFileSync(join(page, name), `the ${name}`);
  writeFileSync(join(page, 'secret.txt'), 'secret');
  writeFileSync(join(run, 'metrics.jsonl'), metrics([1, 2]));
  writeFileSync(join(run, 'secret.txt'), 'secret');
  make?.(run);
  const server = await openViewServer(new ViewFiles(page, await openRuns([run])));
  try {
    const get: Served['get'] = (path, headers = {}, method = 'GET') =>
      new Promise((resolve, reject) => {
        const url = new URL(server.address);
        const asked = request(
          { host: url.hostname, port: url.port, path, method, headers, agent: false },
          (response) => {
            let body = '';
            response.on('data', (chunk) => {
              body += chunk;
            });
            response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
          },
        );
        asked.on('error', reject);
        asked.end();
      });
    await use({ folder: run, address: server.address, get });
  } finally {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

test('nobody is answered without the token, whatever the rest of the request', () =>
  serving(async ({ address, get }) => {
    const { pathname } = new URL(address);
    assert.match(pathname, /^\/[0-9a-f]{32}\/$/);
    const wrong = pathname.replace(/^\/(.)/, (_, c) => `/${c === '0' ? '1' : '0'}`);
    const upper = `/${pathname.slice(1).toUpperCase()}`;
    const others = [
      '/',
      '',
      '/runs.json',
      '/index.html',
      wrong,
      `${wrong}runs.json`,
      pathname.slice(0, -2),
      `${pathname.slice(0, -1)}`,
    ];
    const tricks = [
      `/x${pathname}`,
      `//${pathname.slice(1)}`,
      `/?${pathname.slice(1)}`,
      `/%2e${pathname}`,
      `/${'é'.repeat(32)}/`,
      ...(upper === pathname ? [] : [upper]),
    ];
    for (const path of [...others, ...tricks]) {
      if (/[^ -~]/.test(path)) continue; // no client sends it
      const { status, body } = await get(path || '/');
      assert.is(status, 403, path);
      assert.is(body, '', path);
    }
    assert.is((await get(pathname)).body, 'the index.html');
    assert.is((await get(`${pathname}main.js`)).status, 200);
  }));

test('no other origin, no other name for this machine, no other method', () =>
  serving(async ({ address, get }) => {
    const { pathname, host, port } = new URL(address);
    assert.is((await get(pathname, { Origin: `http://${host}` })).status, 200);
    assert.is((await get(pathname, { Host: `localhost:${port}` })).status, 200);
    assert.is((await get(pathname, { 'Sec-Fetch-Site': 'same-origin' })).status, 200);
    assert.is((await get(pathname, { 'Sec-Fetch-Site': 'none' })).status, 200);
    const refused: Record<string, string>[] = [
      { Origin: 'http://evil.example' },
      { Origin: 'null' },
      { Origin: `http://127.0.0.1:1` },
      { Origin: `https://${host}` },
      { Host: 'evil.example' },
      { Host: `evil.example:${port}` },
      { Host: '127.0.0.1' },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
    ];
    for (const headers of refused) {
      const got = await get(`${pathname}runs.json`, headers);
      assert.ok(got.status === 403 || got.status === 400, JSON.stringify(headers));
      assert.is(got.body, '');
      assert.not('access-control-allow-origin' in got.headers);
    }
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE']) {
      assert.is((await get(pathname, {}, method)).status, 405, method);
    }
    const head = await get(pathname, {}, 'HEAD');
    assert.is(head.status, 200);
    assert.is(head.body, '');
  }));

test('it listens on this machine alone, and every answer has a policy', () =>
  serving(async ({ address, get }) => {
    const { pathname, hostname } = new URL(address);
    assert.is(hostname, '127.0.0.1');
    for (const path of ['', 'main.js', 'runs.json', 'runs/0/metrics?from=0']) {
      const { headers } = await get(`${pathname}${path}`);
      assert.match(String(headers['content-security-policy']), /default-src 'none'; script-src 'self'/);
      assert.is(headers['referrer-policy'], 'no-referrer');
      assert.is(headers['x-content-type-options'], 'nosniff');
      assert.is(headers['cross-origin-resource-policy'], 'same-origin');
      assert.is(headers['cache-control'], 'no-store');
    }
  }));

test('no other file is served: neither of the page’s folder nor of the run’s, nor above them', () =>
  serving(async ({ address, get }) => {
    const { pathname } = new URL(address);
    const paths = [
      'secret.txt',
      '../secret.txt',
      'runs/0/secret.txt',
      'runs/0/../../page/secret.txt',
      'runs/1/metrics',
      'runs/-1/metrics',
    ];
    const encoded = [
      'runs/0/%2e%2e%2fsecret.txt',
      '..%2f..%2fetc%2fpasswd',
      'runs/0/metrics/',
      'runs/00000000/metrics',
      'runs//metrics',
      '__proto__',
      'constructor',
    ];
    for (const path of [...paths, ...encoded]) {
      const { status, body } = await get(`${pathname}${path}`);
      assert.ok([403, 404].includes(status), `${path}: ${status}`);
      assert.is(body, '');
    }
  }));

test('metrics: from a place on, whole lines; all of them once another file stands there', () =>
  serving(async ({ folder, address, get }) => {
    const base = `${new URL(address).pathname}runs/0/metrics`;
    const first = await get(base);
    assert.is(first.body, metrics([1, 2]));
    const next = String(first.headers['x-next']);
    assert.is((await get(`${base}?from=${next}`)).body, '');
    writeFileSync(join(folder, 'metrics.jsonl'), `${metrics([1, 2, 3])}{"half`, { flag: 'w' });
    const more = await get(`${base}?from=${next}`);
    assert.is(more.body, metrics([3]));
    assert.not('x-restart' in more.headers);
    rmSync(join(folder, 'metrics.jsonl'));
    writeFileSync(join(folder, 'other.jsonl'), ''); // so that the number of the file is not used again
    writeFileSync(join(folder, 'metrics.jsonl'), metrics([1]));
    const again = await get(`${base}?from=${more.headers['x-next']}`);
    assert.is(again.headers['x-restart'], '1');
    assert.is(again.body, metrics([1]));
    for (const from of ['-1', 'NaN', '1e99', 'x', '0.5', '']) {
      const got = await get(`${base}?from=${from}`);
      assert.is(got.status, 200, from);
      assert.ok(got.body === '' || got.body === metrics([1]), from);
    }
  }));

test('a run that has neither metrics nor a snapshot: its history in the place of lines; 404', () =>
  serving(
    async ({ address, get }) => {
      const { pathname } = new URL(address);
      const { body } = await get(`${pathname}runs/0/metrics?from=0`);
      assert.equal(
        body
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line).step),
        [10, 20],
      );
      assert.is((await get(`${pathname}runs/0/snapshot.json`)).status, 404);
      const { runs } = JSON.parse((await get(`${pathname}runs.json`)).body);
      assert.is(runs[0].state, 'finished');
      assert.is(runs[0].results.cost, '2');
    },
    (folder) => {
      rmSync(join(folder, 'metrics.jsonl'));
      const entry = (epoch: number) => ({ epoch, step: 10 * epoch, cost: 3 - epoch / 2, terms: { reconstruction: 1 } });
      writeFileSync(
        join(folder, 'summary.json'),
        JSON.stringify({
          ...{ rhohat: '0.1.0', node: 'v20', kernels: 'simd', threads: 1, examples: 4 },
          run: { source: 'table.csv', data: {}, fit: {} },
          model: { hidden: [2], sparsity: null },
          ...{ interrupted: false, history: [entry(1), entry(2)], last: entry(2) },
        }),
      );
    },
  ));

test('damaged files of a run are taken as if they were not there; a snapshot is sent once', () =>
  serving(
    async ({ address, folder, get }) => {
      const { pathname } = new URL(address);
      const { runs } = JSON.parse((await get(`${pathname}runs.json`)).body);
      assert.is(runs[0].state, 'unfinished');
      assert.equal(runs[0].settings, {});
      writeFileSync(join(folder, 'snapshot.json'), '{"step":1}');
      const sent = await get(`${pathname}runs/0/snapshot.json`);
      assert.is(sent.body, '{"step":1}');
      const known = await get(`${pathname}runs/0/snapshot.json`, { 'If-None-Match': String(sent.headers.etag) });
      assert.is(known.status, 304);
      assert.is(known.body, '');
      writeFileSync(join(folder, 'report.html'), '<p>');
      const report = await get(`${pathname}runs/0/report.html`);
      assert.match(String(report.headers['content-security-policy']), /default-src 'none'; style-src/);
      assert.not.match(String(report.headers['content-security-policy']), /script-src/);
    },
    (folder) => {
      writeFileSync(join(folder, 'run.json'), '{"run": [1, {');
      writeFileSync(join(folder, 'summary.json'), '"nonsense"');
    },
  ));

test('connections that send nothing, or half a request, are left alone and keep nobody else out', () =>
  serving(async ({ address, get }) => {
    const { port, pathname } = new URL(address);
    const idle = Array.from({ length: 30 }, () => connect(Number(port), '127.0.0.1'));
    for (const [i, socket] of idle.entries()) {
      socket.on('error', () => undefined);
      if (i % 2 === 0) socket.write('GET / HTTP/1.1\r\nHost: x');
    }
    assert.is((await get(pathname)).status, 200);
    for (const socket of idle) socket.destroy();
  }));

test('openRuns: names tell runs apart; a folder without a run is refused', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rhohat-runs-'));
  try {
    for (const name of ['a/run', 'b/run', 'c/other']) {
      mkdirSync(join(folder, name), { recursive: true });
      writeFileSync(join(folder, name, 'metrics.jsonl'), '');
    }
    const readers = await openRuns(['a/run', 'b/run', 'c/other'].map((name) => join(folder, name)));
    assert.equal(await Promise.all(readers.map(async (reader) => (await reader.view()).name)), [
      'a/run',
      'b/run',
      'other',
    ]);
    mkdirSync(join(folder, 'empty'));
    const refused = async (path: string) =>
      openRuns([path]).then(
        () => '',
        ({ message }: Error) => message,
      );
    assert.match(await refused(join(folder, 'empty')), /it holds no run/);
    assert.match(await refused(join(folder, 'none')), /there is no such folder/);
    symlinkSync(join(folder, 'nowhere'), join(folder, 'dangling'));
    assert.match(await refused(join(folder, 'dangling')), /there is no such folder/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test.run();
