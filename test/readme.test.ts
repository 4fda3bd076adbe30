import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { transformSync } from 'esbuild';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { gradientCases } from '../src/proof/gradient-cases.ts';
import { VERSION } from '../src/version.ts';

const readme = readFileSync('README.md', 'utf8');

test('README: every TypeScript block runs against the built package', () => {
  const blocks = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code);
  assert.ok(blocks.length > 0);
  mkdirSync('build/readme', { recursive: true });
  blocks.forEach((code, i) => {
    // Inside the package's own folder `rhohat` means the package, through its exports.
    const file = `build/readme/block-${i}.mjs`;
    writeFileSync(file, transformSync(code, { loader: 'ts' }).code);
    const { status, stdout, stderr } = spawnSync(process.execPath, [file], {
      encoding: 'utf8',
      env: { ...process.env, FORCE_COLOR: '0' }, // uvu forces colour on its children
    });
    assert.is(status, 0, stderr);
    const error = Number(stdout.split(' ')[0]);
    assert.ok(error > 0 && error < 1e-8, stdout);
  });
  rmSync('build/readme', { recursive: true });
});

test('README: its commands are scripts of the package', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  for (const [, name] of readme.matchAll(/npm run ([\w-]+)/g)) assert.ok(scripts[name], name);
  assert.ok(scripts.start && scripts.test && scripts.prepare);
});

test('README: its results are those of docs/results.md, but where a row names a command of its own', () => {
  const page = readFileSync('docs/results.md', 'utf8');
  const [, table] = /## Results\n([\s\S]*?)\n## /.exec(readme) ?? [];
  const rows = [...(table ?? '').matchAll(/^\| .*\|$/gm)].map(([row]) => row).slice(1);
  assert.ok(rows.length > 8, `${rows.length} rows`);
  for (const row of rows.filter((one) => !one.includes('`rhohat '))) {
    const [here] = row.split('|').slice(-2);
    for (const [number] of here.matchAll(/\d+\.\d+/g)) assert.ok(page.includes(number), `${number} of ${row}`);
  }
});

test('README: the number of gradient rows is that of the suite', () => {
  const rows = [...gradientCases()].length.toLocaleString('en-US');
  assert.match(readme, `${rows} models`);
});

test('README and guides: the file on a CDN is that of this version', () => {
  for (const path of ['README.md', 'docs/guides/in-a-browser.md']) {
    const versions = [...readFileSync(path, 'utf8').matchAll(/rhohat@([\w.-]+)/g)].map(([, version]) => version);
    assert.ok(versions.length > 0, path);
    assert.equal([...new Set(versions)], [VERSION], path);
  }
});

test('VERSION is that of package.json', () => {
  assert.is(VERSION, JSON.parse(readFileSync('package.json', 'utf8')).version);
});

test.run();
