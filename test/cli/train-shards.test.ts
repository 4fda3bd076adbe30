import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix } from '../../src/array/matrix.ts';
import { writeNpy } from '../../src/data/formats/npy.ts';
import { inScratch, rhohat } from './command.ts';

const SMALL = ['--epochs', '1', '--hidden', '2'];
const [ROWS, COLUMNS, SHARDS] = [350, 2 ** 16, 3]; // in all a little more than one block

/** Bytes in three files, 69 MB. */
function write(folder: string): void {
  mkdirSync(folder);
  const data = new Uint8Array(ROWS * COLUMNS);
  for (let i = 0, state = 1; i < data.length; i++) {
    state = (state * 48271) % 2147483647;
    data[i] = state;
  }
  for (let shard = 0; shard < SHARDS; shard++) {
    writeFileSync(join(folder, `${shard}.u8`), data);
    writeFileSync(join(folder, `${shard}.json`), JSON.stringify({ dtype: 'uint8', shape: [ROWS, COLUMNS] }));
  }
}

const table = (rows: number, seed: number) =>
  writeNpy(
    matrix(
      Float32Array.from({ length: rows * 4 }, (_, i) => ((i * 31 + seed) % 17) / 17),
      rows,
      4,
    ),
  );

test('train takes a small folder of shards as the one table that they are', () =>
  inScratch(async (folder) => {
    mkdirSync(join(folder, 'parts'));
    writeFileSync(join(folder, 'parts/0.npy'), table(7, 0));
    writeFileSync(join(folder, 'parts/1.npy'), table(0, 0));
    writeFileSync(join(folder, 'parts/2.npy'), table(20, 7 * 4 * 31));
    writeFileSync(join(folder, 'whole.npy'), table(27, 0));
    const weights: string[] = [];
    for (const source of ['parts', 'whole.npy']) {
      const { status, stderr } = await rhohat(
        ['train', source, ...SMALL, '--held-out', '5', '--out', `${source}-run`],
        {
          cwd: folder,
        },
      );
      assert.is(stderr, '');
      assert.is(status, 0);
      const model = readFileSync(join(folder, `${source}-run/model.safetensors`));
      weights.push(model.subarray(8 + Number(model.readBigUInt64LE(0))).toString('hex'));
    }
    assert.is(weights[0], weights[1]);
    const few = await rhohat(['encode', 'parts-run', 'parts', '--limit', '9'], { cwd: folder });
    assert.is(few.stdout.trim().split('\n').length, 9);
    const stacked = await rhohat(['stack', 'parts', ...SMALL, '--limit', '20', '--json'], { cwd: folder });
    assert.is(JSON.parse(stacked.stdout).examples, 20);
  }));

test('train reads a folder of more than one block in blocks, and says what it measured on', () =>
  inScratch(async (folder) => {
    write(join(folder, 'huge'));
    const train = (...more: string[]) => rhohat(['train', 'huge', ...SMALL, ...more], { cwd: folder });
    const { status, stdout, stderr } = await train('--held-out', '10', '--json', '--preprocess', 'contrast');
    assert.match(
      stderr,
      /^rhohat: the data go from -\S+ to \S+, so the run has --output linear; decide otherwise with --output sigmoid\n$/,
    );
    assert.is(status, 0);
    const summary = JSON.parse(stdout);
    assert.is(summary.examples, SHARDS * ROWS - 10);
    assert.is(summary.sample, 128);
    assert.is(summary.inspection.examples, 128);
    assert.ok(Number.isFinite(summary.last.validation));

    const refused = async (args: string[], message: RegExp) => {
      const outcome = await train(...args);
      assert.is(outcome.status, 2, outcome.stderr);
      assert.match(outcome.stderr, message);
      assert.is(outcome.stderr.trim().split('\n').length, 1);
    };
    await refused(['--gray'], /--gray needs all examples in memory, and huge has 1050 of 65536 numbers.*--limit/);
    await refused(['--limit', '1051'], /cannot take the first 1051 examples: there are 1050/);
    await refused(['--held-out', '1050'], /--held-out is 1050: there are 1050 examples/);
    const lbfgs = await rhohat(['train', 'huge', '--model', 'linear'], { cwd: folder });
    assert.match(
      lbfgs.stderr,
      /^rhohat: --optimizer is lbfgs, which needs all examples at once.*: use adam or sgd, or fewer examples \(--limit\)$/m,
    );
    truncateSync(join(folder, 'huge/2.u8'), 1000);
    await refused([], /huge\/2\.u8: raw numbers: the file has 1000 bytes/);
  }));

test.run();
