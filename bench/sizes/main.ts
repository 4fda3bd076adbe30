// What a user downloads, installs and serves, beside other libraries: the sizes of bench/RESULTS.md.
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { install, pack } from '../../test/consumers/tarball.ts';
import { publish } from '../harness/publish.ts';
import { type Subject, subjects } from './subjects.ts';

const kB = (bytes: number) => (bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e3).toFixed(1)} kB`);

/** Bytes of the files below a folder, and how many packages are among them. */
function installed(folder: string): { bytes: number; packages: number } {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const sizes = paths.map((path) => lstatSync(join(folder, path))).map((file) => (file.isFile() ? file.size : 0));
  const lock = JSON.parse(readFileSync(join(folder, '.package-lock.json'), 'utf8'));
  return { bytes: sizes.reduce((sum, size) => sum + size, 0), packages: Object.keys(lock.packages).length };
}

/** Minified for browsers, in one file with all that it needs. */
function bundle(project: string, { source }: Subject): Uint8Array {
  const { outputFiles } = buildSync({
    stdin: { contents: source, resolveDir: project },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    external: [...builtinModules], // a page would need stand-ins for them
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0].contents;
}

const scratch = mkdtempSync(join(tmpdir(), 'rhohat-sizes-'));
const projects = new Map<string, string>();
try {
  const tarball = pack(scratch);
  const page = readFileSync('dist/rhohat.browser.js');
  const rows: string[][] = [];
  const records: Record<string, unknown>[] = [];
  for (const subject of subjects) {
    const key = subject.packages.join(' ');
    const project = projects.get(key) ?? join(scratch, `${projects.size}`);
    if (!projects.has(key)) install(project, key === '.' ? [tarball.path] : subject.packages);
    projects.set(key, project);
    const { bytes, packages } = installed(join(project, 'node_modules'));
    const code = bundle(project, subject);
    const beside = subject.beside && brotliCompressSync(readFileSync(join(project, subject.beside))).length;
    const version = key === '.' ? 'this' : key.slice(key.lastIndexOf('@') + 1);
    const brotli = brotliCompressSync(code).length;
    const sizes = [kB(bytes), `${packages}`, kB(code.length), kB(brotli), beside ? kB(beside) : '–'];
    rows.push([subject.name, version, ...sizes]);
    records.push({
      row: subject.name,
      version,
      bytes,
      packages,
      minified: code.length,
      brotli,
      beside: beside ?? null,
    });
  }
  publish('sizes', 'sizes', {
    title: 'Sizes',
    checked: '',
    columns: ['imported', 'version', 'installed', 'packages', 'minified', 'brotli', 'loaded beside, brotli'],
    ...{ rows, records },
    notes: [
      `tarball: ${kB(tarball.size)}, unpacked ${kB(tarball.unpackedSize)}, ${tarball.files.length} files`,
      `dist/rhohat.browser.js: ${kB(page.length)}, brotli ${kB(brotliCompressSync(page).length)}`,
    ],
  });
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
