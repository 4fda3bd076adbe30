// Before and after `npm pack` and `npm publish`: README as it is published, its links leading to the repository, and as it was.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { absolute } from './address.mjs';

const README = 'README.md';
const KEPT = 'build/README.kept.md';
const read = (path) => readFileSync(path, 'utf8');
const published = (text) => absolute(text, JSON.parse(read('package.json')));

function restore() {
  if (!existsSync(KEPT)) return;
  writeFileSync(README, read(KEPT));
  rmSync(KEPT);
}

if (process.argv[2] === 'restore') {
  restore();
} else {
  // Of a pack that did not end. What was written into README since is not thrown away.
  if (existsSync(KEPT) && read(README) !== published(read(KEPT))) {
    console.error(`${KEPT} is left of a pack that did not end, and ${README} was changed since: delete one of them`);
    process.exit(1);
  }
  restore();
  const text = read(README);
  if (published(text) !== text) {
    mkdirSync('build', { recursive: true });
    writeFileSync(KEPT, text);
    writeFileSync(README, published(text));
  }
}
