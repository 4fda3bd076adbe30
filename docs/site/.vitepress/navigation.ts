import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { DefaultTheme } from 'vitepress';
import { addressOf, folders, pages, read, root, sources, targetOf, titleOf } from './repository.ts';

type Item = DefaultTheme.SidebarItem;

/** The pages of a folder in the order in which an index page links to them; those that it does not name, at the end. */
function inOrder(folder: string, index: string): string[] {
  const links = [...read(index).matchAll(/\]\(([^)\s]+)\)/g)].map(([, href]) => targetOf(index, href)?.path);
  const place = (path: string) => (links.includes(path) ? links.indexOf(path) : links.length);
  return pages
    .filter((path) => posix.dirname(path) === folder && path !== index && path !== 'docs/index.md')
    .sort((a, b) => place(a) - place(b) || a.localeCompare(b));
}

/** A title as it is in a list: what stands before the colon. */
const item = (path: string, text = titleOf(path).replace(/:.*$/, '')): Item => ({ text, link: addressOf(path) });
const group = (text: string, items: Item[], collapsed?: boolean): Item => ({ text, items, collapsed });

const documents: Item[] = [
  group('Start', [item('docs/index.md', 'Train something'), item('README.md', 'README')]),
  group(
    'Guides',
    inOrder('docs/guides', 'docs/index.md').map((path) => item(path)),
  ),
  group('The derivation', [
    item('docs/derivation/index.md', 'Notation and how to read it'),
    ...inOrder('docs/derivation', 'docs/derivation/index.md').map((path) => item(path)),
  ]),
  group(
    'Coming from',
    inOrder('docs/coming-from', 'docs/index.md').map((path) => item(path)),
  ),
  group('Results and reference', [
    ...inOrder('docs', 'docs/index.md').flatMap((path) => [
      item(path),
      ...inOrder(path.replace(/\.md$/, ''), path).map((below) => item(below, titleOf(below))),
    ]),
    { text: 'API reference', link: '/api/' },
    { text: 'Source', link: addressOf('src') },
  ]),
  group(
    'The repository',
    pages.filter((path) => !/^(docs\/|README)/.test(path)).map((path) => item(path, path)),
  ),
];

/** A folder of the source as it is listed beside the pages of the folder `here`: only the way to it is open. */
function tree(folder: string, here: string): Item[] {
  const inside = (path: string) => posix.dirname(path) === folder;
  const list = (path: string): Item => {
    const items = `${here}/`.startsWith(`${path}/`) ? tree(path, here) : undefined;
    return { text: `${posix.basename(path)}/`, link: addressOf(path), items };
  };
  const file = (path: string): Item => ({ text: posix.basename(path), link: addressOf(path) });
  return [...[...folders].filter(inside).sort().map(list), ...[...sources].filter(inside).sort().map(file)];
}

/** What TypeDoc wrote: entry points, then their classes, functions and types. */
function api(): Item[] {
  return JSON.parse(readFileSync(join(root, 'build/api/typedoc-sidebar.json'), 'utf8'));
}

export const sidebar = (): DefaultTheme.SidebarMulti => ({
  ...Object.fromEntries([...folders].map((folder) => [addressOf(folder), tree('.', folder)])),
  '/api/': [{ text: 'API reference', link: '/api/', items: api() }],
  '/': documents,
});

export const nav: DefaultTheme.NavItem[] = [
  // It is no page of VitePress's: with a target, its router leaves the click to the browser.
  { text: 'Playground', link: '/', target: '_self' },
  { text: 'Guides', link: addressOf(inOrder('docs/guides', 'docs/index.md')[0]), activeMatch: '^/guides/' },
  { text: 'Derivation', link: addressOf('docs/derivation/index.md'), activeMatch: '^/derivation/' },
  { text: 'Gallery', link: addressOf('docs/gallery.md') },
  { text: 'Results', link: addressOf('docs/results.md') },
  { text: 'API', link: '/api/', activeMatch: '^/api/' },
  { text: 'Source', link: addressOf('src'), activeMatch: '^/source/' },
];
