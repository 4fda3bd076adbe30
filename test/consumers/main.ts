// Packs the package, installs it into a new project, and uses it in every way that others would. See CONTRIBUTING.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { activationRows } from './activations/rows.ts';
import { closeBrowser } from './browser.ts';
import { bundlerRows } from './bundlers.ts';
import { assertContents, assertNothingRuns, attw, publint } from './contents.ts';
import { embeddedRows } from './embedded.ts';
import { Expected } from './expected.ts';
import { gpuRows } from './gpus.ts';
import { policyRows } from './policies.ts';
import { nodeRows, otherRows } from './runtimes.ts';
import { serverRows } from './servers.ts';
import { Table } from './table.ts';
import { install, pack } from './tarball.ts';
import { allNodes } from './tools.ts';
import { typeRows } from './types.ts';
import { bundleWithEsbuild, bundleWithVite, copyConsumers, kilobytes, type Node, nodeNamed, train } from './uses.ts';

const { values } = parseArgs({
  options: { nodes: { type: 'string' }, all: { type: 'boolean', default: false }, only: { type: 'string' } },
});
/** Rows that the usual run leaves out; of those, --only chooses too. */
const all = values.all || values.only !== undefined;
const scratch = mkdtempSync(join(tmpdir(), 'rhohat-consumers-'));
const project = join(scratch, 'project');
const table = new Table(values.only);
const expected = new Expected();
const here: Node = { version: process.versions.node, path: process.execPath };

/** Those that --nodes names by version or major version, of --all the table's; otherwise the running Node. */
function nodes(): Node[] {
  if (values.nodes === undefined && !values.all) return [here];
  return (values.nodes?.split(',') ?? allNodes).map(nodeNamed);
}

try {
  const tarball = pack(scratch);
  console.log(`${tarball.path.split(/[\\/]/).at(-1)}: ${tarball.size} bytes, ${tarball.unpackedSize} unpacked`);
  await table.row('contents', () => assertContents(tarball));
  await table.row('publint', () => publint(tarball));
  await table.row('attw', () => attw(tarball));
  install(project, [tarball.path, '@types/node@20']);
  copyConsumers(project);
  await table.row('nothing runs at install', () => assertNothingRuns(project));
  await typeRows(table, project, all);
  const bundles: string[] = [];
  for (const [name, bundle] of [
    ['bundled by esbuild', bundleWithEsbuild],
    ['bundled by Vite', bundleWithVite],
  ] as const) {
    await table.row(name, () => {
      bundles.push(bundle(project));
      return kilobytes(project, bundles[bundles.length - 1]);
    });
  }
  expected.line(train(project, here));
  for (const node of nodes()) await nodeRows(table, project, node, bundles, expected);
  await activationRows(table, project, nodes(), all);
  await bundlerRows(table, project, expected, all);
  await gpuRows(table, project, tarball.path, nodes(), all);
  await policyRows(table, project, expected);
  await embeddedRows(table, project, all);
  if (all) {
    await otherRows(table, project, expected);
    await serverRows(table, project, tarball.path, expected);
  }
} finally {
  await closeBrowser();
  rmSync(scratch, { recursive: true, force: true });
}
process.exitCode = table.failures > 0 ? 1 : 0;
