import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows } from '../../src/array/matrix.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { saveModel } from '../../src/node/model-files.ts';
import { writeShards } from '../../src/node/shard-writer.ts';
import { inScratch, rhohat } from './command.ts';

const WORDS = ['the', 'cat', 'sat', 'on\u001b[31m', 'mat\u202e'];

/** Rows of which row i has a single number, i + 1 at column i mod 5; a model whose unit j is column j. */
async function made(folder: string) {
  const shards = await writeShards(join(folder, 'acts'), { rowsPerShard: 4, type: 'float16' });
  for (let i = 0; i < 10; i++) {
    const row = new Float32Array(5);
    row[i % 5] = i + 1;
    const word = WORDS[i % 5];
    const text = `line ${i}\n${WORDS.join(' ')} ${'z'.repeat(300)}`;
    await shards.append([row], [{ text, position: text.indexOf(word), length: word.length, document: `d${i}` }]);
  }
  await shards.close();
  const model = await Autoencoder.create({ inputs: 5, hidden: 5, activation: 'relu', output: 'linear', seed: 1 });
  const unit = fromRows(
    Array.from({ length: 5 }, (_, i) => Float64Array.from({ length: 5 }, (_, j) => Number(i === j))),
  );
  model.setParameters({ 'encoder.weight': unit, 'decoder.weight': unit });
  await saveModel(join(folder, 'model.safetensors'), model);
}

test('inspect --latents shows the text around the tokens of the examples, escaped, and in JSON', () =>
  inScratch(async (folder) => {
    await made(folder);
    const inspect = (...args: string[]) => rhohat(['inspect', 'model.safetensors', 'acts', ...args], { cwd: folder });
    const { status, stdout, stderr } = await inspect('--latents', '1,3');
    assert.equal([status, stderr], [0, '']);
    assert.match(
      stdout,
      /\n {2}example 6 {2}7 {9}line 6\\u000athe »cat« sat on\\u001b\[31m .*… {2}\(document d6\)\n {2}example 1 /,
    );
    assert.match(stdout, /»on\\u001b\[31m«/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what it is about
    assert.not.match(stdout, /[\u001b\u202e]/);
    assert.ok(stdout.split('\n').every((line) => line.length < 400));
    const { latents } = JSON.parse((await inspect('--latents', '1', '--json')).stdout).measured;
    const [first] = latents[0].examples;
    assert.equal([first.example, first.activation, first.context.document], [6, 7, 'd6']);
    const { text, position, length } = first.context;
    assert.is(text.slice(position, position + length), 'cat');
    assert.ok(text.length <= 140);
  }));

test('a file of contexts of another length is refused by name; other commands ignore such files quietly', () =>
  inScratch(async (folder) => {
    await made(folder);
    const run = (...args: string[]) => rhohat(args, { cwd: folder });
    writeFileSync(join(folder, 'acts/000001.jsonl'), '{}\n');
    const { status, stdout, stderr } = await run('inspect', 'model.safetensors', 'acts', '--latents', '1');
    assert.equal([status, stdout], [2, '']);
    assert.match(stderr, /^rhohat: acts.000001\.jsonl: it has 1 lines, and acts.000001\.npy 4 rows: .*\n$/);
    for (const args of [
      ['encode', 'model.safetensors', 'acts', '--out', 'codes.npy'],
      ['train', 'acts', '--output', 'linear', '--hidden', '2', '--epochs', '1', '--out', 'run'],
    ]) {
      const ran = await run(...args);
      assert.is(ran.status, 0, ran.stderr);
      assert.not.match(ran.stdout + ran.stderr, /jsonl|left out/);
    }
    for (const name of readdirSync(join(folder, 'acts')))
      if (name.endsWith('.jsonl')) rmSync(join(folder, 'acts', name));
    const plain = await run('inspect', 'model.safetensors', 'acts', '--latents', '1');
    assert.match(plain.stdout, /\n {2}example 6 {2}7\n/);
  }));

test.run();
