import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { csvExamples } from '../../src/data/formats/csv.ts';
import { applyPreprocessing } from '../../src/data/preprocessing/preprocessing.ts';
import { loadDictionary } from '../../src/dictionaries/index.ts';
import { loadModel } from '../../src/node/model-files.ts';
import { assertRows } from '../dictionaries/rows-agree.ts';
import { inScratch, rhohat, table } from './command.ts';

// rhohat export, from a run to another library's folder.

const trained = (use: (call: (...args: string[]) => ReturnType<typeof rhohat>, folder: string) => Promise<void>) =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'table.csv'), table(80));
    const call = (...args: string[]) => rhohat(args, { cwd: folder });
    const run = ['--preset', 'topk', '--preprocess', 'standardize', '--hidden', '9', '--epochs', '2', '--threads', '1'];
    assert.is((await call('train', 'table.csv', ...run, '--out', 'run')).status, 0);
    await use(call, folder);
  });

test('rhohat export writes files that compute the codes of rhohat encode on raw rows', () =>
  trained(async (call, folder) => {
    const { status, stdout, stderr } = await call('export', 'run', '--format', 'saelens', '--out', 'sae');
    assert.equal([status, stderr], [0, '']);
    assert.match(stdout, /^sae: cfg\.json, sae_weights\.safetensors: topk, 9 latents of \d+ inputs, float32\n/);
    assert.match(stdout, /folded into the weights: standardize; examples go in as they are\n/);
    const names = ['cfg.json', 'sae_weights.safetensors'];
    const files = Object.fromEntries(
      names.map((name) => [name, new Uint8Array(readFileSync(join(folder, 'sae', name)))]),
    );
    const { x } = csvExamples(readFileSync(join(folder, 'table.csv')));
    const back = await loadDictionary(files, { threads: 1 });
    const { model, preprocessing } = await loadModel(join(folder, 'run'), { threads: 1 });
    const ours = await model.encode(applyPreprocessing(preprocessing, x, 'float32'));
    const theirs = await back.model.encode(applyPreprocessing(back.preprocessing, x, 'float32'));
    assertRows(theirs.data, ours.data, 9, 'codes', true);
  }));

test('rhohat export --json, --force, and each format', () =>
  trained(async (call, folder) => {
    const made = async (...args: string[]) => {
      const { status, stdout, stderr } = await call('export', 'run', ...args, '--json');
      assert.equal([status, stderr], [0, '']);
      return JSON.parse(stdout);
    };
    const { format, architecture, files, latents, notes } = await made(
      '--format',
      'dictionary-learning',
      '--out',
      'dl',
    );
    assert.equal(
      [format, architecture, files, latents],
      ['dictionary-learning', 'AutoEncoderTopK', ['ae.pt', 'config.json'], 9],
    );
    assert.ok(notes.length > 0 && existsSync(join(folder, 'dl/ae.pt')));
    const again = await call('export', 'run/model.safetensors', '--format', 'npz', '--out', 'dl');
    assert.is(again.status, 2);
    assert.match(again.stderr, /^rhohat: dl exists and is not empty: choose another --out, or add --force/);
    assert.equal((await made('--format', 'npz', '--out', 'dl', '--force')).files, ['params.npz', 'config.json']);
    assert.ok(existsSync(join(folder, 'dl/params.npz')) && existsSync(join(folder, 'dl/ae.pt')));
  }));

test('rhohat export refuses what it cannot write, in one line, and leaves no folder', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'table.csv'), table(30));
    const call = (...args: string[]) => rhohat(args, { cwd: folder });
    await call('train', 'table.csv', '--hidden', '3', '--epochs', '1', '--output', 'sigmoid', '--out', 'run');
    for (const [args, message] of [
      [
        ['export', 'run', '--format', 'saelens', '--out', 'sae'],
        /^rhohat: config\.activation is "sigmoid": units of other/,
      ],
      [['export', 'run', '--out', 'sae'], /required option '--format <name>'/],
      [['export', 'run', '--format', 'gguf', '--out', 'sae'], /Allowed choices are saelens, dictionary-learning, npz/],
      [['export', 'run', '--format', 'npz'], /required option '--out <folder>'/],
      [['export', 'nowhere', '--format', 'npz', '--out', 'sae'], /^rhohat: nowhere/],
    ] as const) {
      const { status, stdout, stderr } = await call(...args);
      assert.equal([status, stdout], [2, '']);
      assert.match(stderr, message);
      assert.is(stderr.trim().split('\n').length, 1);
    }
    assert.not.ok(existsSync(join(folder, 'sae')));
  }));

test.run();
