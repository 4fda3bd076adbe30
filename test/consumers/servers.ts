import { cpSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type Answer, answerOf } from './browser.ts';
import type { Expected } from './expected.ts';
import { run, type Server, serving } from './shell.ts';
import { NotHere, type Table } from './table.ts';
import { installed, toolFile, versionOf } from './tools.ts';
import { nodeNamed } from './uses.ts';

/** The Node that servers run on: wrangler's own needs one of at least 22.12. */
const SERVERS_NODE = '24.22.3';

/** The row of workerd, and those of Next. */
export async function serverRows(table: Table, project: string, tarball: string, expected: Expected): Promise<void> {
  const node = () => nodeNamed(SERVERS_NODE).path;
  // The first has Node's `process` without being Node, the second neither that nor MessageChannel.
  for (const date of ['2026-11-01', '2023-01-01']) {
    await table.row(`workerd ${date}, by wrangler ${versionOf('wrangler')}`, async () => {
      const folder = join(project, 'workerd');
      cpSync(join(project, 'edge/answer.mjs'), join(folder, 'answer.mjs'));
      cpSync(join(project, 'page/work-here.mjs'), join(folder, 'work-here.mjs'));
      const main = wrangler();
      const port = await freePort();
      const url = `http://127.0.0.1:${port}/`;
      const address = ['--ip', '127.0.0.1', '--port', `${port}`, '--inspector-port', '0'];
      const args = [main, 'dev', '--local', '--compatibility-date', date, ...address];
      const server = await serving(node(), args, folder, url);
      try {
        return expected.answer(await answered(server, url), false);
      } finally {
        await server.stop();
      }
    });
  }

  const next = `Next ${versionOf('next')}`;
  const names = { page: `${next}, page and worker`, route: `${next}, route`, edge: `${next}, edge route` };
  const wanted = table.wants(...Object.values(names));
  const folder = join(project, '../next');
  let built = false;
  await table.row(
    `${next}, build`,
    () => {
      cpSync(installed('next'), folder, { recursive: true, verbatimSymlinks: true });
      cpSync(join(project, 'next'), folder, { recursive: true });
      cpSync(join(project, 'edge/answer.mjs'), join(folder, 'app/answer.mjs'));
      for (const file of ['work.mjs', 'work-here.mjs', 'worker.mjs'])
        cpSync(join(project, 'page', file), join(folder, 'app', file));
      run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', tarball], folder);
      run(node(), ['node_modules/next/dist/bin/next', 'build'], folder);
      built = true;
      return 'built';
    },
    wanted,
  );
  await withNext(built ? { folder, node: node() } : null, async (server, url) => {
    await table.row(names.page, async () => expected.answer(await answerOf(await url())));
    await table.row(names.route, async () =>
      expected.answer(await answered(await server(), `${await url()}plain`), false),
    );
    await table.row(names.edge, async () =>
      expected.answer(await answered(await server(), `${await url()}edge`), false),
    );
  });
}

/** Rows over `next start`, which starts with the first of them that runs. */
async function withNext(
  app: { readonly folder: string; readonly node: string } | null,
  rows: (server: () => Promise<Server>, url: () => Promise<string>) => Promise<void>,
): Promise<void> {
  let started: Promise<{ server: Server; url: string }> | undefined;
  async function start() {
    if (app === null) throw new Error('not built');
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/`;
    const args = ['node_modules/next/dist/bin/next', 'start', '-H', '127.0.0.1', '-p', `${port}`];
    return { server: await serving(app.node, args, app.folder, url), url };
  }
  const once = () => {
    started ??= start();
    return started;
  };
  try {
    await rows(
      async () => (await once()).server,
      async () => (await once()).url,
    );
  } finally {
    await started?.then(
      ({ server }) => server.stop(),
      () => {},
    );
  }
}

/** Its program, where there is a workerd for this platform. */
function wrangler(): string {
  const packages = readdirSync(toolFile('wrangler', '@cloudflare'));
  if (!packages.some((name) => name.startsWith('workerd-'))) {
    throw new NotHere(`no workerd for ${process.platform}-${process.arch}`);
  }
  return toolFile('wrangler', 'wrangler/bin/wrangler.js');
}

async function answered(server: Server, url: string): Promise<Answer> {
  const answer = (await server.json(url)) as Answer;
  if (answer.error !== undefined) throw new Error(answer.error);
  return answer;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
