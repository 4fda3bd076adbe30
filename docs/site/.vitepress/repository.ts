import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of README.md. Paths below are relative to it, with `/`. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');

/** The first page of the documentation, and its place on the site: not the first there, which is the playground. */
export const HOME = { file: 'docs/index.md', page: 'documentation.md' };

/** Markdown that is no page: what was built or installed, and what only tests read. */
export const NO_PAGES = ['build/!(api)/**', 'build/*.md', 'dist/**', 'runs/**', 'test/**', 'docs/site/*.md'];

const SKIPPED = new Set(['node_modules', 'build', 'dist', 'runs', 'site', '.git']);

/** Paths of the files below a folder, in the order of their names, files before folders. */
export function filesBelow(folder: string): string[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  const names = (folders: boolean) =>
    entries
      .filter((entry) => entry.isDirectory() === folders && !SKIPPED.has(entry.name))
      .map((entry) => posix.join(folder, entry.name))
      .sort();
  return [...names(false), ...names(true).flatMap(filesBelow)];
}

export const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** The target of a link of a page as a path from the root; null for addresses and anchors of the page itself. */
export function targetOf(page: string, href: string): { path: string; anchor: string } | null {
  if (/^([a-z]+:|#|\/)/.test(href)) return null;
  const [path, anchor] = href.split('#');
  return { path: posix.join(posix.dirname(page), decodeURI(path)), anchor: anchor === undefined ? '' : `#${anchor}` };
}

/** Hand-written pages, and every file or folder that they link to and that is no page. */
function survey() {
  const pages = ['.', 'data', 'examples', 'bench']
    .flatMap((folder) => readdirSync(join(root, folder)).map((name) => posix.join(folder, name)))
    .concat(filesBelow('docs'))
    .filter((path) => path.endsWith('.md'));
  const linked = new Set<string>();
  for (const page of pages) {
    for (const [, href] of read(page).matchAll(/\]\(([^)\s]+)\)/g)) {
      const path = targetOf(page, href)?.path;
      if (path === undefined || /\.(md|png|svg)$/.test(path) || !existsSync(join(root, path))) continue;
      linked.add(path);
    }
  }
  return { pages, linked };
}

export const { pages, linked } = survey();

const isFolder = (path: string) => existsSync(join(root, path)) && statSync(join(root, path)).isDirectory();

/** Files of the repository that are pages of the site: all of src/ and examples/, and whatever a page links to. */
export const sources: ReadonlySet<string> = new Set([
  ...['src', 'examples'].flatMap(filesBelow).filter((path) => /\.(ts|mjs)$/.test(path)),
  ...[...linked].filter((path) => !isFolder(path)),
]);

/** Folders on the way to those files, and folders that a page links to. */
export const folders: ReadonlySet<string> = new Set([
  ...[...sources].flatMap((path) => {
    const parts = posix.dirname(path).split('/');
    return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
  }),
  ...[...linked].filter(isFolder),
]);

/** Where a path of the repository is on the site, without the base. @throws where it is nowhere. */
export function addressOf(path: string): string {
  if (path === HOME.file) return `/${HOME.page.replace(/\.md$/, '.html')}`;
  if (path.endsWith('.md') && existsSync(join(root, path))) {
    return `/${path.replace(/^docs\//, '')}`.replace(/\/index\.md$/, '/').replace(/\.md$/, '.html');
  }
  if (sources.has(path)) return `/source/${path}.html`;
  if (folders.has(path)) return `/source/${path}/`;
  throw new Error(`${path} is no page of the site`);
}

/** The first heading of a page, without its code marks. */
export function titleOf(path: string): string {
  return /^# (.*)$/m.exec(read(path))?.[1].replaceAll('`', '') ?? path;
}
