import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { VERSION } from '../src/version.ts';
import { linksOf } from './support/pages.ts';

// What a registry gets: README's links lead to the repository once package.json says where that is, and `npm pack` works before.

const readme = readFileSync('README.md', 'utf8');

/** In a folder with what packing needs; nothing is built there. */
function inCopy(use: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'rhohat-release-'));
  try {
    for (const path of ['package.json', 'README.md', 'LICENSE', 'release'])
      cpSync(path, join(folder, path), { recursive: true });
    mkdirSync(join(folder, 'dist'));
    const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
    for (const key of ['homepage', 'bugs', 'repository']) delete manifest[key];
    delete manifest.scripts.prepare;
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
    use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function address(folder: string, ...args: string[]): { status: number | null; stderr: string } {
  return spawnSync(process.execPath, ['release/main.mjs', ...args], { cwd: folder, encoding: 'utf8' });
}

/** Packs, and reads README out of the tarball: blocks of 512 bytes, a file's size in octal at 124. */
function packedReadme(folder: string): string {
  const { status, stderr } = spawnSync('npm', ['pack', '--silent'], {
    cwd: folder,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  assert.is(status, 0, stderr);
  assert.is(readFileSync(join(folder, 'README.md'), 'utf8'), readme, 'README is as it was');
  const tar = gunzipSync(readFileSync(join(folder, `rhohat-${VERSION}.tgz`)));
  for (let at = 0; at < tar.length; ) {
    const name = tar.toString('utf8', at, at + 100).replace(/\0.*$/s, '');
    const size = Number.parseInt(tar.toString('utf8', at + 124, at + 136), 8) || 0;
    if (name === 'package/README.md') return tar.toString('utf8', at + 512, at + 512 + size);
    at += 512 * (1 + Math.ceil(size / 512));
  }
  throw new Error('there is no README in the tarball');
}

/** The same as `npm pack` would have it, without packing. */
function rewrittenReadme(folder: string): string {
  const step = (...args: string[]) => spawnSync(process.execPath, ['release/readme.mjs', ...args], { cwd: folder });
  assert.is(step().status, 0);
  const text = readFileSync(join(folder, 'README.md'), 'utf8');
  assert.is(step('restore').status, 0);
  return text;
}

test('release: without an address npm pack works, and README stays as it is', () =>
  inCopy((folder) => assert.is(packedReadme(folder), readme)));

for (const [url, page, file] of [
  ['https://github.com/rho-hat/rhohat', `/blob/v${VERSION}/`, `/raw/v${VERSION}/`],
  ['https://gitlab.com/rho/hat/rhohat.git', `/-/blob/v${VERSION}/`, `/-/raw/v${VERSION}/`],
  ['https://codeberg.org/rho-hat/rhohat/', `/src/tag/v${VERSION}/`, `/raw/tag/v${VERSION}/`],
]) {
  test(`release: at ${new URL(url).host} every link and picture of the published README is one of the repository`, () =>
    inCopy((folder) => {
      assert.is(address(folder, url).status, 0);
      const base = url.replace(/(\.git|\/)$/, '');
      const { repository, homepage, bugs } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      assert.equal(repository, { type: 'git', url: `git+${base}.git` });
      assert.is(homepage, `${base}#readme`);
      assert.ok(bugs.url.startsWith(base) && bugs.url.endsWith('/issues'));
      const text = url.includes('github') ? packedReadme(folder) : rewrittenReadme(folder);
      const pictures = [...text.matchAll(/src="([^"]+)"/g)].map(([, target]) => target);
      const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target).filter((to) => to[0] !== '#');
      assert.ok(pictures.length >= 5 && links.length > 20);
      assert.equal(linksOf({ path: 'README.md', text }), [], 'relative ones');
      for (const [targets, place] of [
        [pictures, base + file],
        [links, base + page],
      ] as const) {
        for (const target of targets.filter((to) => to.startsWith(`${base}/`))) {
          assert.ok(target.startsWith(place), target);
          assert.ok(existsSync(target.slice(place.length).replace(/#.*$/, '')), target);
        }
        assert.ok(targets.some((to) => to.startsWith(place)));
      }
      const others = [...pictures, ...links].filter((to) => !to.startsWith(`${base}/`));
      assert.equal(others, ['https://github.com/scijs/ndarray']);
    }));
}

test('release: a placeholder, another host and a half address are refused, with what is allowed', () =>
  inCopy((folder) => {
    const before = readFileSync(join(folder, 'package.json'), 'utf8');
    for (const [args, message] of [
      [['https://github.com/OWNER/rhohat'], /address is https:\S+: "OWNER" stands for a name; give the real one/],
      [['https://example.org/a/rhohat'], /address is https:\S+: it must be https:\/\/HOST.*github\.com, gitlab\.com/],
      [['github.com/a/rhohat'], /address is github\.com\/a\/rhohat: it must be https/],
      [['https://github.com/rhohat'], /it must be https/],
      [['https://github.com/a/rhohat', '--homepage', 'rhohat.dev'], /homepage is rhohat\.dev: it must be/],
      [[], /^0 addresses are given: give one: npm run address/],
    ] as const) {
      const { status, stderr } = address(folder, ...args);
      assert.is(status, 2);
      assert.match(stderr, message);
    }
    assert.is(readFileSync(join(folder, 'package.json'), 'utf8'), before);
  }));

test('release: what a pack that did not end has left is put back, unless README was changed since', () =>
  inCopy((folder) => {
    assert.is(address(folder, 'https://github.com/rho-hat/rhohat', '--homepage', 'https://rho-hat.org/').status, 0);
    const step = (...args: string[]) =>
      spawnSync(process.execPath, ['release/readme.mjs', ...args], { cwd: folder, encoding: 'utf8' });
    const path = join(folder, 'README.md');
    assert.is(step().status, 0);
    assert.ok(readFileSync(path, 'utf8') !== readme);
    assert.match(packedReadme(folder), 'https://github.com/rho-hat/rhohat/raw/');
    assert.is(step().status, 0);
    writeFileSync(path, 'new');
    assert.match(step().stderr, /left of a pack that did not end, and README\.md was changed/);
    assert.is(readFileSync(path, 'utf8'), 'new');
    step('restore');
    assert.is(readFileSync(path, 'utf8'), readme);
  }));

test.run();
