import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadModel } from '../../src/node/model-files.ts';
import { images, inScratch, rhohat } from './command.ts';

/** An .npy file. */
function npy(descr: string, shape: readonly number[], bytes: Uint8Array): Uint8Array {
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`.padEnd(117);
  return Buffer.concat([Uint8Array.of(0x93, 78, 85, 77, 80, 89, 1, 0, 118, 0), Buffer.from(`${text}\n`), bytes]);
}

/** Rows of 0 and 1 whose class, 0 to 3, is in their first two. */
const bits = (rows: number) => Uint8Array.from({ length: rows * 6 }, (_, i) => ((i * 2654435761) >>> 13) & 1);
const few = ['--hidden', '3', '--epochs', '1'];

test('an array that is a pile of images is refused, read with --axes, and new data are read alike', () =>
  inScratch(async (folder) => {
    const call = (...args: string[]) => rhohat(args, { cwd: folder });
    const pile = Float32Array.from({ length: 8 * 8 * 5 }, (_, i) => ((i * 37) % 100) / 100);
    const row = Float32Array.from({ length: 5 * 64 }, (_, i) => pile[(i % 64) * 5 + Math.floor(i / 64)]);
    writeFileSync(join(folder, 'pile.npy'), npy('<f4', [8, 8, 5], new Uint8Array(pile.buffer)));
    writeFileSync(join(folder, 'row.npy'), npy('<f4', [5, 8, 8], new Uint8Array(row.buffer)));
    const refused = await call('train', 'pile.npy', ...few);
    assert.is(refused.status, 2);
    assert.match(refused.stderr, /8 images of 8×5 \(--axes mhw\), or 5 images of 8×8 \(--axes hwm\)/);
    const trained = await call('train', 'pile.npy', ...few, '--axes', 'hwm', '--out', 'run');
    assert.is(trained.status, 0, trained.stderr);
    assert.match(trained.stdout, /\n {2}read as {9}5 images of 8×8, gray, axes hwm\n/);
    const summary = JSON.parse(readFileSync(join(folder, 'run/summary.json'), 'utf8'));
    assert.is(summary.read, '5 images of 8×8, gray, axes hwm');
    assert.is(summary.run.data.axes, 'hwm');
    await call('train', 'row.npy', ...few, '--out', 'other');
    const codes = async (run: string, ...data: string[]) => (await call('encode', run, ...data)).stdout;
    const expected = await codes('other');
    assert.is(expected.split('\n').length, 6);
    assert.is(await codes('run'), expected);
    assert.is(await codes('run', 'pile.npy'), expected);
    assert.is(await codes('run', 'row.npy', '--axes', 'mhw'), expected);
    assert.match((await call('encode', 'other', 'pile.npy')).stderr, /--axes hwm/);
    assert.match((await call('train', 'pile.npy', '--axes', 'hwx')).stderr, /^rhohat: --axes is "hwx": it must name/);
    for (const args of [
      ['train', 'dead-leaves', '--unit', '1'],
      ['train', 'dead-leaves', '--axes', 'mhw'],
    ])
      assert.match((await call(...args)).stderr, /tells how to read an array: leave it out/);
  }));

test('bytes of 0 and 1 are no pixels: said, decided by --unit, and kept with the model', () =>
  inScratch(async (folder) => {
    const call = (...args: string[]) => rhohat(args, { cwd: folder });
    const rows = bits(60);
    writeFileSync(join(folder, 'bits.npy'), npy('|u1', [60, 6], rows));
    writeFileSync(join(folder, 'bool.npy'), npy('|b1', [60, 6], rows));
    writeFileSync(join(folder, 'zeros.npy'), npy('|u1', [2, 6], new Uint8Array(12)));
    writeFileSync(
      join(folder, 'dark.npy'),
      npy(
        '|u1',
        [60, 6],
        rows.map((bit) => 200 * bit),
      ),
    );
    const labels = Uint8Array.from({ length: 60 }, (_, i) => 2 * rows[6 * i] + rows[6 * i + 1]);
    writeFileSync(join(folder, 'labels.npy'), npy('|u1', [60], labels));
    const trained = await call('train', 'bits.npy', ...few, '--out', 'run');
    assert.match(trained.stderr, /rhohat: bits\.npy: its bytes are 0 and 1, and are read as they are: --unit 255/);
    await call('train', 'bool.npy', ...few, '--out', 'bool');
    const codes = async (run: string, ...data: string[]) => (await call('encode', run, ...data)).stdout;
    const expected = await codes('bool');
    assert.is(await codes('run'), expected);
    assert.is(await codes('bool', 'bits.npy'), expected);
    const pixels = await call('train', 'bits.npy', ...few, '--unit', '255', '--out', 'pixels', '--json');
    assert.is(JSON.parse(pixels.stdout).read, '60 examples of 6 numbers, divided by 255');
    // A run of pixels takes 0 and 1 for pixels too, and one of flags takes 200 for 200.
    await call('train', 'dark.npy', ...few, '--out', 'dark');
    const asPixels = await call('encode', 'dark', 'bits.npy');
    assert.is(asPixels.stderr, '');
    assert.is.not(asPixels.stdout, await codes('dark', 'bits.npy', '--unit', '1'));
    assert.is(await codes('run', 'dark.npy', '--unit', '200'), expected);
    assert.is.not(await codes('run', 'dark.npy'), expected);
    const { metadata } = await loadModel(join(folder, 'run'));
    assert.is(JSON.parse(metadata.run).data.byteUnit, 1);
    // A classifier, on the data and on a run, with test data of zeros alone.
    const accuracy = async (...args: string[]) => {
      const { stdout, stderr } = await call('classify', ...args, '--labels', 'labels.npy', '--json');
      return { share: JSON.parse(stdout || '{}').stages?.[0].trainAccuracy, stderr };
    };
    assert.is((await accuracy('bits.npy', '--test-share', '0.2')).share, 1);
    assert.is((await accuracy('bits.npy', '--on', 'run')).share, (await accuracy('bool.npy', '--on', 'bool')).share);
    const [first] = (await call('predict', 'runs/bits-classifier', 'zeros.npy')).stdout.split('\n').slice(1);
    assert.ok(first.startsWith('0,'), first);
  }));

test('shards of 0 and 1 are read as they are, and a pile of images is refused', () =>
  inScratch(async (folder) => {
    const call = (...args: string[]) => rhohat(args, { cwd: folder });
    const write = (name: string, file: Uint8Array) => {
      mkdirSync(join(folder, name, '..'), { recursive: true });
      writeFileSync(join(folder, name), file);
    };
    write('bits/a.npy', npy('|u1', [30, 6], bits(30)));
    write('bits/b.npy', npy('|u1', [30, 6], bits(60).slice(180)));
    write('bits.npy', npy('|u1', [60, 6], bits(60)));
    const trained = await call('train', 'bits', ...few, '--out', 'run');
    assert.match(trained.stderr, /rhohat: bits: its bytes are 0 and 1/);
    assert.match(trained.stdout, /read as {9}60 examples of 6 numbers\n/);
    await call('train', 'bits.npy', ...few, '--out', 'one');
    assert.is((await call('encode', 'run')).stdout, (await call('encode', 'one')).stdout);
    write('pile/a.npy', npy('|u1', [4, 4, 2], bits(32).slice(0, 32)));
    assert.match((await call('train', 'pile', ...few)).stderr, /2 images of 4×4 \(--axes hwm\)/);
    assert.match(
      (await call('train', 'pile', ...few, '--axes', 'hwm')).stderr,
      /axes is hwm, and shards are read in parts/,
    );
    // Files that are longer tell which axis counts; an IDX file of pixels is unchanged.
    write('pile/b.npy', npy('|u1', [30, 4, 2], new Uint8Array(240).fill(100)));
    assert.match((await call('train', 'pile', ...few)).stdout, /34 images of 4×2, gray, divided by 255/);
    write('digits-ubyte', images(40));
    const digits = await call('train', 'digits-ubyte', ...few);
    assert.match(digits.stdout, /40 images of 4×4, gray, divided by 255/);
    assert.is(digits.stderr, '');
  }));

test.run();
