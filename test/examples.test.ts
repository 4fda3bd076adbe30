import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { toNumbers } from '../src/data/examples.ts';
import { imageExample } from '../src/data/formats/image.ts';
import { deadLeaves } from '../src/data/generated/dead-leaves.ts';
import { encodePng } from '../src/figures/picture.ts';
import { inScratch } from './cli/command.ts';

/** Runs an example against the built package, in `cwd`. */
function example(name: string, args: readonly string[], cwd: string, env = {}): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(process.cwd(), 'examples', name), ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, FORCE_COLOR: '0', ...env }, // uvu forces colour on its children
  });
  assert.is(status, 0, stderr);
  return stdout;
}

const heightOf = async (path: string) => (await imageExample(readFileSync(path))).image?.height ?? 0;

test('examples: nearest neighbours of generated images', () =>
  inScratch(async (folder) => {
    const lines = example('nearest-neighbours.mjs', [], folder).trim().split('\n');
    assert.is(lines.length, 11);
    lines.slice(0, 10).forEach((line, i) => {
      assert.match(line, new RegExp(`^${i}: 1\\.000 `));
    });
    assert.ok((await heightOf(join(folder, 'neighbours.png'))) > 100);
  }));

test('examples: the three rows of the CSV file that were tampered with have the highest scores', () =>
  inScratch(async (folder) => {
    const lines = [...example('anomalies.mjs', [], folder).matchAll(/line (\d+)/g)].map(([, line]) => line);
    assert.equal(lines.slice(0, 3).sort(), ['190', '303', '59']);
  }));

test('examples: features of a folder of pictures', () =>
  inScratch(async (folder) => {
    const size = 64;
    const pixels = toNumbers(deadLeaves({ images: 3, size, seed: 2 }), 'float64').data;
    for (let i = 0; i < 3; i++) {
      const data = Uint8Array.from(pixels.subarray(i * size * size, (i + 1) * size * size), (v) => Math.round(255 * v));
      writeFileSync(join(folder, `${i}.png`), encodePng({ width: size, height: size, channels: 1, data }));
    }
    assert.match(example('photographs.mjs', ['.'], folder, { ITERATIONS: '3' }), /^cost \d/);
    assert.ok((await heightOf(join(folder, 'features.png'))) > 100);
  }));

test('examples: a penalty of one’s own, its gradient proved, its cost going down', () =>
  inScratch(async (folder) => {
    const [check, ...rest] = example('own-penalty.mjs', [], folder).trim().split('\n');
    const [steps, config] = [rest.slice(0, -1), rest.at(-1)];
    assert.is(config, "{ kind: 'log', layer: 0, weight: 0.5, sigma: 0.3 }"); // of the model that was loaded
    assert.ok(Number(/= (\S+),/.exec(check)?.[1]) < 1e-8, check);
    const costs = steps.map((line) => Number(/cost (\S+)/.exec(line)?.[1]));
    assert.ok(costs.length === 4 && costs.every((cost, i) => i === 0 || cost < costs[i - 1]), steps.join('\n'));
  }));

test('examples: an activation of one’s own, its derivatives proved, its cost going down', () =>
  inScratch(async (folder) => {
    const [check, costs] = example('own-activation.mjs', [], folder).trim().split('\n');
    assert.ok(Number(/= (\S+):/.exec(check)?.[1]) < 1e-8, check);
    const [before, after] = [...costs.matchAll(/\d\.\d+/g)].map(Number);
    assert.ok(after < before / 2, costs);
  }));

test('examples: an optimizer and a rule of one’s own, the cost going down', () =>
  inScratch(async (folder) => {
    const said = example('own-optimizer.mjs', [], folder);
    const [before, after] = [...said.matchAll(/\d\.\d+/g)].map(Number);
    assert.ok(after < before / 2, said);
  }));

test('examples: training in a worker tells its progress and can be cancelled', () =>
  inScratch(async (folder) => {
    const said = example('worker.mjs', [], folder);
    assert.match(said, 'epoch 20 of 20');
    assert.match(said, 'codes: 1000,2\n');
    assert.ok(said.trim().endsWith('the user pressed cancel'), said);
  }));

test('examples: every one is run here and listed', () => {
  const names = readdirSync('examples').filter((name) => name.endsWith('.mjs'));
  const [here, list] = ['test/examples.test.ts', 'examples/README.md'].map((path) => readFileSync(path, 'utf8'));
  for (const name of names) assert.ok(here.includes(`'${name}'`) && list.includes(`examples/${name}`), name);
});

test.run();
