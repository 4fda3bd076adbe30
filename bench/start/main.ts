import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

/*
 * How long it takes until something happens: whole processes of the built package, medians of `--runs` after one that is not
 * counted, and the largest memory each had. MNIST where RHOHAT_DATA has it.
 */

const usage = 'npm run bench:start -- [--runs n] [--node path] [--json]';
const { values: flags } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    node: { type: 'string', default: process.execPath },
    json: { type: 'boolean' },
  },
});
const runs = Number(flags.runs);
if (!Number.isInteger(runs) || runs < 1)
  throw new Error(`--runs is ${flags.runs}: it must be a whole number; ${usage}`);

const folder = mkdtempSync(join(tmpdir(), 'rhohat-start-'));
const engine = JSON.stringify(pathToFileURL(resolve('dist/index.js')).href);
const out = join(folder, 'run');
/** Programs that end where what is timed is done. */
const programs = {
  'empty process': '',
  "import 'rhohat'": `await import(${engine});`,
  'first encode, 784-1000': `
    const { Autoencoder } = await import(${engine});
    const model = await Autoencoder.create({ inputs: 784, hidden: 1000, seed: 1 });
    await model.encode([new Float32Array(784)]);`,
  'first fit, 784-1000, one step': `
    const { Autoencoder, fit } = await import(${engine});
    const model = await Autoencoder.create({ inputs: 784, hidden: 1000, seed: 1 });
    const x = { data: new Float32Array(784 * 100).fill(0.5), shape: [100, 784] };
    await fit(model, x, { optimizer: { kind: 'sgd', learningRate: 0.1 }, epochs: 1, batchSize: 100 });`,
};
const cli = ['dist/cli/main.js', 'train'];
// All of MNIST is read, one step is trained, and as little as there is measured and drawn.
const command = ['mnist', '--model', 'k-sparse', '--epochs', '1', '--limit', '100'];
const subjects: Record<string, readonly string[]> = {
  ...Object.fromEntries(
    Object.entries(programs).map(([name, text], i) => {
      const file = join(folder, `${i}.mjs`);
      writeFileSync(file, `${text}\nprocess.exit(0);\n`);
      return [name, [file]];
    }),
  ),
  'rhohat train --help': [...cli, '--help'],
  'rhohat train mnist, one step': [...cli, ...command, '--out', out, '--force'],
};

/** One process: milliseconds, and MB at its peak. */
function once(args: readonly string[]): { ms: number; megabytes: number } {
  const script = join(folder, 'peak.mjs');
  const peak = join(folder, 'peak');
  const tell = `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(peak)}, String(process.resourceUsage().maxRSS)));`;
  writeFileSync(
    script,
    `import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);\n${tell}\n`,
  );
  const begin = performance.now();
  const { status, stderr } = spawnSync(flags.node, ['--import', pathToFileURL(script).href, ...args], {
    encoding: 'utf8',
  });
  const ms = performance.now() - begin;
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr.trim()}`);
  return { ms, megabytes: Number(readFileSync(peak, 'utf8')) / 1024 };
}

const middle = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1];
try {
  const rows = Object.entries(subjects).map(([name, args]) => {
    once(args);
    const found = Array.from({ length: runs }, () => once(args));
    return {
      name,
      ms: Math.round(middle(found.map(({ ms }) => ms))),
      megabytes: Math.round(middle(found.map((run) => run.megabytes))),
    };
  });
  if (flags.json) console.log(JSON.stringify({ node: flags.node, runs, rows }, null, 1));
  else console.table(rows);
} finally {
  rmSync(folder, { recursive: true });
}
