// npm run gallery: runs the programs of docs/gallery.md, which draw its pictures, into docs/gallery.
import { existsSync, statSync } from 'node:fs';
import { cleanUp, runAll } from '../../test/support/docs-program.ts';
import { blocksOf, linksOf, readPages } from '../../test/support/pages.ts';

const MOST_BYTES = 40_000;

const page = readPages().find(({ path }) => path === 'docs/gallery.md');
if (page === undefined) throw new Error('there is no docs/gallery.md');
const programs = blocksOf(page).filter(({ info }) => info.startsWith('ts run'));
const begin = performance.now();
try {
  for (const [{ line }, printed] of runAll(programs, 'docs/gallery')) {
    for (const words of printed) console.log(`line ${line}: ${words}`);
  }
} finally {
  cleanUp();
}
const pictures = new Set(linksOf(page).flatMap(({ path }) => (path.startsWith('docs/gallery/') ? [path] : [])));
for (const path of pictures) {
  const bytes = existsSync(path) ? statSync(path).size : 0;
  const wrong = bytes === 0 ? 'no program drew it' : bytes > MOST_BYTES ? `more than ${MOST_BYTES} bytes` : '';
  console.log(`${path}: ${bytes} bytes ${wrong}`);
  if (wrong) process.exitCode = 1;
}
console.log(`${programs.length} programs in ${((performance.now() - begin) / 1000).toFixed(1)} s`);
