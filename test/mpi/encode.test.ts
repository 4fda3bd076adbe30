import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix } from '../../src/array/matrix.ts';
import { writeNpy } from '../../src/data/formats/npy.ts';
import { images, inScratch, rhohat, table } from '../cli/command.ts';
import { type Launcher, nodeJob, rhohatJob, testUnderMpi } from '../support/mpirun.ts';
import { uniforms } from '../support/views.ts';

// What several processes write is what one writes, byte by byte.

const d = 6;

function npy(rows: number, seed: number, precision: 'float32' | 'float64' = 'float32'): Uint8Array {
  const numbers = uniforms(rows * d, seed).map(Math.abs);
  return writeNpy(matrix(precision === 'float32' ? Float32Array.from(numbers) : numbers, rows, d));
}

/** Data of all kinds, and a model for each. */
async function prepared(folder: string): Promise<void> {
  writeFileSync(join(folder, 'x.npy'), npy(2600, 1));
  writeFileSync(join(folder, 'wide.npy'), npy(2600, 2, 'float64'));
  writeFileSync(join(folder, 'table.csv'), table(2100));
  writeFileSync(join(folder, 'few.csv'), table(10));
  writeFileSync(join(folder, 'pixels-ubyte'), images(40, 12));
  mkdirSync(join(folder, 'shards'));
  for (const [i, rows] of [500, 1100, 0, 1500, 7].entries()) {
    writeFileSync(join(folder, `shards/${i}.npy`), npy(rows, 3 + i));
  }
  mkdirSync(join(folder, 'bytes'));
  for (const i of [0, 1]) writeFileSync(join(folder, `bytes/${i}-images-ubyte`), images(1300 + i, 4));
  const short = ['--optimizer', 'adam', '--epochs', '1', '--no-turbo'];
  await trained(folder, ['x.npy', '--hidden', '5', '--out', 'run', ...short]);
  await trained(folder, ['table.csv', '--hidden', '3', '--preprocess', 'standardize', '--out', 'of-table', ...short]);
  await trained(folder, ['bytes', '--hidden', '3', '--out', 'of-bytes', ...short]);
  await trained(folder, [
    'pixels-ubyte',
    '--patch-size',
    '4',
    '--patches',
    '1500',
    '--hidden',
    '3',
    '--out',
    'cut',
    ...short,
  ]);
  const sparse = ['--sparsity', 'batch-top-k', '--k', '2', '--hidden', '12', '--output', 'linear'];
  await trained(folder, ['shards', ...sparse, '--out', 'selects', ...short]);
}

async function trained(folder: string, args: readonly string[]): Promise<void> {
  const { status, stderr } = await rhohat(['train', ...args], { cwd: folder });
  assert.is(status, 0, stderr);
}

/** The command by one and by three processes: stdout, stderr and the file that it writes must be equal. */
async function alike(launcher: Launcher, cwd: string, args: readonly string[], ending?: string): Promise<void> {
  const what = [...args, ending].join(' ');
  const out = (name: string) => (ending === undefined ? [] : ['--out', `${name}${ending}`]);
  const one = await rhohat([...args, ...out('one')], { cwd });
  assert.is(one.status, 0, one.stderr);
  const job = await rhohatJob(launcher, 3, [...args, ...out('all')], { cwd });
  assert.is(job.status, 0, `${what}: ${job.stderr}`);
  assert.is(job.stdout === one.stdout.replace('one.', 'all.'), true, `stdout of ${what}: ${job.stdout.slice(0, 200)}`);
  assert.is(job.stderr, one.stderr, what);
  if (ending === undefined) return;
  const [a, b] = ['one', 'all'].map((name) => readFileSync(join(cwd, `${name}${ending}`)));
  assert.ok(a.equals(b), `${what}: ${a.length} and ${b.length} bytes`);
}

/** Arguments of a model to encode with, before its folder. */
const TRAINED = 'x.npy --hidden 5 --optimizer adam --epochs 1 --no-turbo --out'.split(' ');

testUnderMpi('encode and score: three processes write the bytes of one', async (launcher) => {
  await inScratch(async (folder) => {
    await prepared(folder);
    await alike(launcher, folder, ['encode', 'run', 'x.npy'], '.npy');
    await alike(launcher, folder, ['encode', 'run', 'wide.npy'], '.csv');
    await alike(launcher, folder, ['encode', 'run', 'shards', '--limit', '1900'], '.npy');
    await alike(launcher, folder, ['encode', 'run', 'shards']);
    await alike(launcher, folder, ['encode', 'of-table', 'few.csv'], '.npy'); // two processes have nothing to do
    await alike(launcher, folder, ['encode', 'of-table']);
    await alike(launcher, folder, ['encode', 'of-bytes', '--json'], '.npy');
    await alike(launcher, folder, ['encode', 'cut'], '.npy');
    await alike(launcher, folder, ['score', 'selects', 'shards'], '.npy');
    await alike(launcher, folder, ['score', 'selects', '--worst', '7', '--by-column']);
    await alike(launcher, folder, ['score', 'of-table', 'table.csv', '--quantile', '0.9', '--by-column'], '.csv');
  });
});

testUnderMpi('encode and score: what is wrong is said once, and nothing is left', async (launcher) => {
  await inScratch(async (folder) => {
    writeFileSync(join(folder, 'x.npy'), npy(2600, 1));
    const bad = npy(2600, 1);
    new DataView(bad.buffer).setFloat32(bad.length - 4 * d * 100, Number.NaN, true);
    writeFileSync(join(folder, 'bad.npy'), bad); // in row 2500, of the last process
    await trained(folder, [...TRAINED, 'run']);
    const before = readdirSync(folder);
    const cases: readonly (readonly [args: readonly string[], message: RegExp])[] = [
      [['encode', 'run', 'bad.npy', '--out', 'z.npy'], /row 2500 of bad\.npy/],
      [['encode', 'run', 'bad.npy', '--out', 'z.csv'], /row 2500 of bad\.npy/],
      [['encode', 'run', 'x.npy', '--out', 'nowhere/z.npy'], /the folder nowhere does not exist/],
      [['encode', 'run', 'x.npy', '--limit', '2601'], /--limit is 2601: there are 2600/],
      [['score', 'run', 'x.npy', '--worst', '0'], /--worst is 0/],
      [['score', 'run', 'x.npy', '--report', 'z.html'], /--report with several processes/],
    ];
    for (const [args, message] of cases) {
      const { status, stderr, stdout } = await rhohatJob(launcher, 3, args, { cwd: folder });
      assert.is(status, 2, `${args.join(' ')}: ${stderr}`);
      assert.match(stderr, message);
      const said = stderr.split('\n').filter((line) => line.startsWith('rhohat: '));
      assert.is(new Set(said).size, 1, `${args.join(' ')}: ${stderr}`); // a job that ends slowly hears it again
      assert.is(stdout, '');
      assert.equal(readdirSync(folder), before, args.join(' '));
    }
  });
});

testUnderMpi('encode: processes that see other data, or another folder, are told apart', async (launcher) => {
  await inScratch(async (folder) => {
    for (const [name, rows] of [
      ['0', 2600],
      ['1', 2599],
    ] as const) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'x.npy'), npy(rows, 1));
      writeFileSync(join(folder, name, 'same.npy'), npy(2600, 1));
    }
    await trained(join(folder, '0'), [...TRAINED, '../run']);
    writeFileSync(
      join(folder, 'each.mjs'),
      `process.chdir(process.env.OMPI_COMM_WORLD_RANK ?? process.env.PMI_RANK);
       await import(${JSON.stringify(join(process.cwd(), 'dist/cli/main.js'))});`,
    );
    const each = (args: readonly string[]) =>
      nodeJob(launcher, 2, [join(folder, 'each.mjs'), ...args], { cwd: folder });
    const other = await each(['encode', '../run', 'x.npy', '--out', 'z.npy']);
    assert.is(other.status, 2, other.stderr);
    assert.match(
      other.stderr,
      /the data of rank 1 \(.*\) is 2599 examples of x\.npy, of rank 0 2600 examples of x\.npy/,
    );
    const apart = await each(['encode', '../run', 'same.npy', '--out', 'z.npy']);
    assert.is(apart.status, 2, apart.stderr);
    assert.match(apart.stderr, /z\.npy is begun by rank 0, and this process does not see it/);
    assert.equal(readdirSync(join(folder, '0')).sort(), ['same.npy', 'x.npy']);
  });
});

test.run();
