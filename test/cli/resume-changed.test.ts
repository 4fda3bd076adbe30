import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { inScratch, once, rhohat, table } from './command.ts';

const SMALL = ['--hidden', '3', '--batch-size', '100', '--checkpoint-every', '50', '--out', 'run'];

test('--resume on changed data is refused and tells which: a held-out row, a byte of one shard', () =>
  inScratch(async (folder) => {
    const resume = async (message: RegExp) => {
      const { status, stderr } = await rhohat(['train', '--resume', 'run'], { cwd: folder });
      assert.match(stderr, message);
      assert.is(status, 2);
    };
    writeFileSync(join(folder, 'data.csv'), table(400));
    const args = ['--epochs', '1000000', '--held-out', '40'];
    const onStart = once(join(folder, 'run/checkpoint.safetensors'), (kill) => kill('SIGTERM'));
    await rhohat(['train', 'data.csv', ...SMALL, ...args], { cwd: folder, onStart });
    const lines = table(400).trimEnd().split('\n');
    lines[395] = '0.2,0.3,0.4,0.5';
    writeFileSync(join(folder, 'data.csv'), `${lines.join('\n')}\n`);
    await resume(
      /^rhohat: the held-out examples differ from those that the run began with: go on with the same held-out/,
    );

    rmSync(join(folder, 'run'), { recursive: true });
    const [rows, columns] = [300, 2 ** 16]; // two shards are more than one block
    mkdirSync(join(folder, 'shards'));
    const shard = (name: string, byte: number) => {
      const data = Uint8Array.from({ length: rows * columns }, (_, i) => i % 251);
      data[150 * columns + 7] = byte;
      writeFileSync(join(folder, 'shards', `${name}.u8`), data);
      writeFileSync(join(folder, 'shards', `${name}.json`), JSON.stringify({ dtype: 'uint8', shape: [rows, columns] }));
    };
    for (const name of ['a', 'b', 'c', 'd']) shard(name, 1);
    const start = once(join(folder, 'run/checkpoint.safetensors'), (kill) => kill('SIGTERM'));
    const short = ['--hidden', '1', '--checkpoint-every', '1', '--out', 'run', '--epochs', '1000'];
    const begun = await rhohat(['train', 'shards', ...short], { cwd: folder, onStart: start });
    assert.is(begun.status, 143, begun.stderr);
    shard('b', 2);
    await resume(
      /^rhohat: shard b\.u8 differs from what the run began with(:| in size or time, and had not been hashed)/,
    );
  }));

test.run();
