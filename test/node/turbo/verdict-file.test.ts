import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { decide, NOT_PROVED, whyNever } from '../../../src/node/turbo/enable-turbo.ts';
import { keepVerdict, placeHere, readVerdict, verdictFile } from '../../../src/node/turbo/verdict-file.ts';
import { programNamed } from './planted-program.ts';

const scratch = mkdtempSync(join(tmpdir(), 'rhohat-turbo-'));
const place = placeHere();
const verdict = { proved: true, why: 'proved here in 1.0 s: …' };
let folders = 0;
const fresh = () => join(scratch, `${folders++}`, 'cache');

test('a verdict is kept, and read where it was given alone', async () => {
  const folder = fresh();
  assert.is(readVerdict(folder, place), null);
  await keepVerdict(folder, place, verdict);
  assert.equal(readVerdict(folder, place), verdict);
  for (const key of ['node', 'rhohat', 'kernels', 'processor'] as const)
    assert.is(readVerdict(folder, { ...place, [key]: 'another' }), null, key);
  await keepVerdict(folder, place, { proved: false, why: 'slow' });
  assert.equal(readVerdict(folder, place), { proved: false, why: 'slow' });
  assert.is(readdirSync(folder).length, 1);
});

test('a file that is damaged, another place’s or too large is as none', async () => {
  const folder = fresh();
  await keepVerdict(folder, place, verdict);
  const path = verdictFile(folder, place);
  const text = readFileSync(path, 'utf8');
  const other = JSON.stringify({ ...JSON.parse(text), place: { ...place, processor: 'another' } });
  const more = JSON.stringify({ ...JSON.parse(text), on: true });
  for (const bad of [
    '',
    text.slice(0, -5),
    'null',
    '[]',
    text.replace('true', '"true"'),
    other,
    more,
    text + ' '.repeat(1e5),
  ]) {
    writeFileSync(path, bad);
    assert.is(readVerdict(folder, place), null, bad.slice(0, 40));
  }
  writeFileSync(path, text);
  assert.equal(readVerdict(folder, place), verdict);
  rmSync(path);
  mkdirSync(path);
  assert.is(readVerdict(folder, place), null);
});

test('a folder that cannot be written is no error', async () => {
  const folder = fresh();
  writeFileSync(join(scratch, 'file'), '');
  await keepVerdict(join(scratch, 'file'), place, verdict);
  await keepVerdict(join(scratch, 'file', 'below'), place, verdict);
  mkdirSync(verdictFile(folder, place), { recursive: true });
  await keepVerdict(folder, place, verdict);
  assert.equal(readdirSync(folder), [verdictFile(folder, place).slice(folder.length + 1)], 'what was begun is left');
});

test('several that keep verdicts at once leave one whole file', async () => {
  const folder = fresh();
  await Promise.all(
    Array.from({ length: 20 }, (_, n) => keepVerdict(folder, place, { proved: n % 2 === 0, why: `${n}`.repeat(400) })),
  );
  assert.ok(readVerdict(folder, place) !== null);
  assert.is(readdirSync(folder).length, 1);
});

test('decide goes by the verdict that is kept, and keeps one that lasts', async () => {
  const folder = fresh();
  const proving = { program: await programNamed('planted'), limitMs: 60_000 };
  const asked = (planted: string, given: typeof proving | null = proving) => {
    process.env.RHOHAT_PLANTED = planted;
    return decide(given, folder);
  };
  assert.equal(await asked('nonsense', null), { on: false, why: NOT_PROVED });
  const missing = { ...proving, program: join(folder, 'none.js') };
  assert.match((await asked('nonsense', missing)).why, /its proof is missing: a bundler left it out/);
  assert.match((await asked('failure')).why, /there is no room/);
  assert.is(readVerdict(folder, place), null, 'kept what may be otherwise the next time');
  assert.equal(await asked('nonsense'), { on: false, why: "the proof's process gave no answer" });
  // Not proved anew: something else would be said.
  const { on, why } = await asked('failure');
  assert.is(on, false);
  assert.is(
    why,
    `the proof's process gave no answer (${verdictFile(folder, place)} keeps that: remove it to prove anew)`,
  );
  await keepVerdict(folder, place, verdict);
  assert.equal(await asked('failure'), { on: true, why: verdict.why });
});

test('there is no proof on older Nodes, other runtimes and other processors', () => {
  assert.is(whyNever({ node: '24.0.0' }, 'x64'), null);
  assert.is(whyNever({ node: '26.12.1' }, 'x64'), null);
  assert.is(whyNever({ node: '22.23.5' }, 'x64'), 'it needs Node 24 or newer, and this is 22.23.5');
  assert.match(whyNever({ node: '24.3.0', bun: '1.3.0' }, 'x64') ?? '', /another runtime/);
  assert.match(whyNever({ node: '24.3.0', deno: '2.5.0' }, 'x64') ?? '', /another runtime/);
  assert.match(whyNever({ node: '24.0.0' }, 'arm64') ?? '', /and this is arm64/);
});

test.after(() => rmSync(scratch, { recursive: true, force: true }));

test.run();
