import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { newerNode } from '../support/newer-node.ts';
import { inScratch, table } from './command.ts';

const MAIN = join(process.cwd(), 'dist/cli/main.js');
const LIBRARY = join(process.cwd(), 'dist/node/index.js');
const newer = newerNode(24);
if (newer === null) {
  process.stderr.write('turbo: skipped where it can be on, there is no Node 24; NODE24=path names one\n');
}
const onNewer = newer === null ? test.skip : test;

/** Runs Node in a folder that holds t.csv, with a cache of its own. */
function run(node: string, folder: string, ...args: string[]) {
  writeFileSync(join(folder, 't.csv'), table(200));
  const env = {
    ...process.env,
    HOME: folder,
    XDG_CACHE_HOME: join(folder, 'cache'),
    LOCALAPPDATA: join(folder, 'cache'),
  };
  const { status, stdout, stderr } = spawnSync(node, args, { cwd: folder, env, encoding: 'utf8' });
  assert.is(status, 0, stderr);
  return { stdout, stderr };
}

/** Trains on the table; what the summary's line says of turbo, and what stderr does. */
function trained(node: string, folder: string, ...flags: string[]) {
  const small = ['--hidden', '2', '--epochs', '2', '--force', '--out', 'run'];
  const { stdout, stderr } = run(node, folder, MAIN, 'train', 't.csv', ...small, ...flags);
  const line = /^ {2}turbo {11}(.*)$/m.exec(stdout)?.[1];
  const { turbo } = JSON.parse(readFileSync(join(folder, 'run/summary.json'), 'utf8'));
  assert.is(line, `${turbo.on ? 'on' : 'off'}: ${turbo.why}`);
  return { ...turbo, said: /^rhohat: --turbo (.*)$/m.exec(stderr)?.[1] };
}

test('--no-turbo and --deterministic leave turbo off, and --turbo says why it is', () =>
  inScratch(async (folder) => {
    const node = process.execPath;
    assert.equal(trained(node, folder, '--no-turbo'), { on: false, why: '--no-turbo', said: undefined });
    const why = '--deterministic keeps to plain SIMD';
    assert.equal(trained(node, folder, '--deterministic'), { on: false, why, said: undefined });
    assert.equal(trained(node, folder, '--deterministic', '--turbo'), { on: false, why, said: `stays off: ${why}` });
    const other = 'float64 runs on other kernels';
    assert.equal(trained(node, folder, '--precision', 'float64'), { on: false, why: other, said: undefined });
  }));

test('on an older Node turbo is off, which only --turbo says on stderr', () =>
  inScratch(async (folder) => {
    const { node } = process.versions;
    if (Number(node.split('.')[0]) >= 24) return;
    const why = `it needs Node 24 or newer, and this is ${node}`;
    assert.equal(trained(process.execPath, folder), { on: false, why, said: undefined });
    assert.equal(trained(process.execPath, folder, '--turbo'), { on: false, why, said: `stays off: ${why}` });
  }));

onNewer(
  'small work is trained without a proof; --turbo begins one, whose verdict later runs go by, to the same bits',
  () =>
    inScratch(async (folder) => {
      const node = newer ?? '';
      const first = trained(node, folder);
      assert.equal(first, {
        on: false,
        why: 'it is not proved here yet: longer work does, and --turbo',
        said: undefined,
      });
      const without = readFileSync(join(folder, 'run/model.safetensors'));
      const second = trained(node, folder, '--turbo');
      assert.match(second.why, /^(proved here in [\d.]+ s: the same bits|products are [\d.]+ times as fast with it)/);
      assert.is(second.on, second.why.startsWith('proved'));
      if (!second.on) process.stderr.write(`turbo: ${second.why}\n`); // no AVX2, or a busy machine
      const third = trained(node, folder);
      assert.is(third.on, second.on);
      assert.ok(third.why.startsWith(second.why), 'proved anew');
      assert.ok(readFileSync(join(folder, 'run/model.safetensors')).equals(without), 'turbo changed bits');
      assert.equal(trained(node, folder, '--no-turbo').on, false);
      for (const command of ['encode', 'score', 'inspect'])
        run(node, folder, MAIN, command, 'run', 't.csv', '--threads', '1', '--no-turbo');
    }),
);

onNewer('enableTurbo of the library goes by the same proof, and says the same again', () =>
  inScratch(async (folder) => {
    const program = `
      import { enableTurbo } from ${JSON.stringify(LIBRARY)};
      const before = await enableTurbo({ prove: false });
      const both = await Promise.all([enableTurbo(), enableTurbo()]);
      console.log(JSON.stringify({ before, after: await enableTurbo(), both }));`;
    const { stdout } = run(newer ?? '', folder, '--input-type=module', '-e', program);
    const { before, after, both } = JSON.parse(stdout);
    assert.equal(before, { on: false, why: 'it is not proved here yet' });
    assert.match(after.why, /^(proved here in|products are [\d.]+ times)/);
    assert.is(both[0].on, after.on);
    const kept = readdirSync(join(folder, 'cache/rhohat/turbo'));
    assert.is(kept.length, 1);
    assert.match(kept[0], /^node-\d+\.\d+\.\d+-rhohat-\d+\.\d+\.\d+-[\da-f]{16}\.json$/);
  }),
);

test.run();
