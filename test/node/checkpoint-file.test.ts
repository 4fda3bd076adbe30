import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CHECKPOINT_FILE, CheckpointFiles, PREVIOUS_FILE } from '../../src/node/checkpoint-file.ts';
import { type Checkpoint, serializeCheckpoint } from '../../src/training/checkpoints/checkpoint.ts';
import { newPosition } from '../../src/training/position.ts';
import { inScratch } from '../cli/command.ts';
import { assertRefused } from '../support/errors.ts';
import { failingPort } from './failing-port.ts';

/** The bytes of a checkpoint of that step, written in two parts. */
function bytesOf(step: number): Promise<Uint8Array> {
  const checkpoint: Checkpoint = {
    rhohat: '0.1.0',
    kernels: 'simd',
    model: {},
    plan: { optimizer: { kind: 'sgd', learningRate: 1 }, epochs: 1, batchSize: 1, seed: 1 },
    data: { examples: { shape: [1, 1], unit: 1, type: 'f4', hash: '' } },
    position: { ...newPosition(), step },
    theta: new Float32Array(100).fill(step),
    optimizer: {},
    state: {},
    kept: null,
  };
  return serializeCheckpoint(checkpoint);
}
const checkpoints = await Promise.all([0, 1, 2, 3].map(bytesOf));
const CHUNK = Math.ceil(checkpoints[0].length / 2);
const stepIn = async (folder: string) => (await new CheckpointFiles(folder).read())?.checkpoint.position.step;

test('a folder holds the newest checkpoint and the one before it', () =>
  inScratch(async (folder) => {
    const files = new CheckpointFiles(folder);
    assert.is(await files.read(), null);
    for (const bytes of checkpoints) await files.write(bytes);
    assert.equal(readdirSync(folder).sort(), [PREVIOUS_FILE, CHECKPOINT_FILE].sort());
    assert.is(await stepIn(folder), 3);
    assert.equal(new Uint8Array(readFileSync(join(folder, PREVIOUS_FILE))), checkpoints[2]);
    await files.remove();
    assert.equal(readdirSync(folder), []);
  }));

test('whatever operation of a write fails, and when, a whole checkpoint is found, and the next write succeeds', async () => {
  const all = ['create', 'write', 'write', 'sync', 'close', 'rename', 'rename', 'syncFolder'];
  for (const code of ['ENOSPC', 'EIO', 'EACCES']) {
    for (const dead of [false, true]) {
      for (const n of all.keys()) {
        await inScratch(async (folder) => {
          const what = `${code} in ${all[n]} ${n}, ${dead ? 'and all that follow' : 'once'}`;
          const before = new CheckpointFiles(folder);
          await before.write(checkpoints[0]);
          await before.write(checkpoints[1]);
          const port = failingPort(n, code, dead);
          const files = new CheckpointFiles(folder, port, CHUNK);
          await assertRefused(() => files.write(checkpoints[2]), /checkpoint\.safetensors: /);
          assert.is(port.operations[n], all[n], what);
          const found = await stepIn(folder);
          assert.is(found, all[n] === 'syncFolder' ? 2 : 1, what);
          if (dead) return;
          assert.not(readdirSync(folder).includes('checkpoint.partial.safetensors'), what);
          await files.write(checkpoints[3]); // the same process goes on
          assert.is(await stepIn(folder), 3, what);
          rmSync(join(folder, CHECKPOINT_FILE));
          assert.is(await stepIn(folder), found, `${what}: the one before it`);
        });
      }
    }
  }
});

test('the first checkpoint of a run may fail too: then there is none', async () => {
  for (const n of [0, 1, 2, 3, 4, 6]) {
    await inScratch(async (folder) => {
      await assertRefused(
        () => new CheckpointFiles(folder, failingPort(n), CHUNK).write(checkpoints[0]),
        /: the disk is full: make room$/,
      );
      assert.is(await stepIn(folder), undefined);
    });
  }
});

test('a write says what is wrong with the disk and what to do', () =>
  inScratch(async (folder) => {
    const gone = new CheckpointFiles(join(folder, 'gone'));
    await gone.write(checkpoints[0]);
    rmSync(join(folder, 'gone'), { recursive: true });
    await assertRefused(() => gone.write(checkpoints[1]), /gone.checkpoint\.safetensors: its folder is gone: /);
    await assertRefused(
      () => new CheckpointFiles(folder, failingPort(3, 'EIO'), CHUNK).write(checkpoints[0]),
      /EIO: planted$/,
    );
  }));

test('the first write makes the folder, and those above it', () =>
  inScratch(async (folder) => {
    const path = join(folder, 'runs', 'mine');
    const files = new CheckpointFiles(path);
    assert.is(await files.read(), null);
    await files.write(checkpoints[0]);
    assert.is(await stepIn(path), 0);
    writeFileSync(join(folder, 'file'), '');
    await assertRefused(
      () => new CheckpointFiles(join(folder, 'file', 'mine')).write(checkpoints[0]),
      /checkpoint\.safetensors: it cannot be written: /,
    );
  }));

test('a damaged or missing newest checkpoint gives way to the one before it, which the next write leaves alone', async () => {
  for (const damage of ['flip', 'cut', 'empty', 'missing'] as const) {
    await inScratch(async (folder) => {
      const newest = join(folder, CHECKPOINT_FILE);
      const files = new CheckpointFiles(folder);
      await files.write(checkpoints[0]);
      await files.write(checkpoints[1]);
      const bytes = new Uint8Array(checkpoints[1]);
      bytes[bytes.length - 9] ^= 1;
      const damaged = { flip: bytes, cut: bytes.subarray(0, 200), empty: bytes.subarray(0, 0), missing: null }[damage];
      if (damaged === null) rmSync(newest);
      else writeFileSync(newest, damaged);

      const resumed = new CheckpointFiles(folder);
      const found = await resumed.read();
      assert.is(found?.checkpoint.position.step, 0, damage);
      assert.is(found?.path, join(folder, PREVIOUS_FILE));
      if (damaged === null) assert.is(found?.note, null);
      else assert.match(String(found?.note), /checkpoint\.safetensors: checkpoint: /);
      await resumed.write(checkpoints[2]);
      assert.is(await stepIn(folder), 2);
      rmSync(newest);
      assert.is(await stepIn(folder), 0, 'the damaged one has not replaced the one before it');
    });
  }
});

test('where no checkpoint is whole, both are named', () =>
  inScratch(async (folder) => {
    for (const name of [CHECKPOINT_FILE, PREVIOUS_FILE]) writeFileSync(join(folder, name), 'nothing of the kind');
    await assertRefused(
      () => new CheckpointFiles(folder).read(),
      /checkpoint\.safetensors: .*; .*previous\.safetensors: .*: no checkpoint is whole, train anew$/,
    );
  }));

test.run();
