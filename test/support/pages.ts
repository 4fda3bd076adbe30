import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';

/** A Markdown page of the repository. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

/** A fenced block of a page: what stands after its opening fence, and its lines without their common indent. */
export interface Block {
  readonly page: Page;
  readonly info: string;
  readonly lines: readonly string[];
  /** Of the opening fence, counted from 1. */
  readonly line: number;
}

/** README, CONTRIBUTING, and every page under docs/; docs/site/ is what builds them into a site. */
export function readPages(): Page[] {
  const docs = readdirSync('docs', { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.md') && !name.startsWith(`site${sep}`),
  );
  const paths = ['README.md', 'CONTRIBUTING.md', ...docs.map((name) => join('docs', name)).sort()];
  return paths.map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}

/** The fenced blocks of a page. @throws where one is not closed. */
export function blocksOf(page: Page): Block[] {
  const blocks: Block[] = [];
  let open: { indent: number; info: string; lines: string[]; line: number } | null = null;
  for (const [i, line] of page.text.split('\n').entries()) {
    const fence = /^( *)```(.*)$/.exec(line);
    if (open === null) {
      if (fence) open = { indent: fence[1].length, info: fence[2].trim(), lines: [], line: i + 1 };
    } else if (fence && fence[2] === '') {
      blocks.push({ page, info: open.info, lines: open.lines, line: open.line });
      open = null;
    } else open.lines.push(line.slice(open.indent));
  }
  if (open !== null) throw new Error(`${page.path}:${open.line}: the block is not closed`);
  return blocks;
}

/** The display equations of a page: the lines between `$$` and `$$`, each alone on its line. @throws where one is not. */
export function equationsOf(page: Page): Omit<Block, 'info'>[] {
  const equations: Omit<Block, 'info'>[] = [];
  let open: { lines: string[]; line: number } | null = null;
  let fenced = false;
  for (const [i, line] of page.text.split('\n').entries()) {
    if (/^ *```/.test(line)) {
      if (open !== null) throw new Error(`${page.path}:${open.line}: the equation is not closed`);
      fenced = !fenced;
    } else if (fenced) continue;
    else if (line !== '$$' && line.replace(/`[^`]*`/g, '').includes('$$'))
      throw new Error(`${page.path}:${i + 1}: $$ stands alone on its line, at its beginning`);
    else if (line === '$$' && open === null) open = { lines: [], line: i + 1 };
    else if (line === '$$' && open !== null) {
      equations.push({ page, ...open });
      open = null;
    } else open?.lines.push(line);
  }
  if (open !== null) throw new Error(`${page.path}:${open.line}: the equation is not closed`);
  return equations;
}

/** The page without its fenced blocks and code spans. */
export function proseOf({ text }: Page): string {
  return text.replace(/^ *```.*\n[\s\S]*?^ *```$/gm, '').replace(/`[^`\n]*`/g, '');
}

/** Targets of the relative links and pictures of a page: a path from the root and an anchor, '' where there is none. */
export function linksOf(page: Page): { path: string; anchor: string }[] {
  const targets = [...proseOf(page).matchAll(/\]\(([^)\s]+)\)|\b(?:src|href)="([^"]+)"/g)].map(
    ([, target, attribute]) => target ?? attribute,
  );
  return targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [path, anchor = ''] = target.split('#');
      return { path: path === '' ? page.path : normalize(join(dirname(page.path), path)), anchor };
    });
}

/** Anchors of the headings of a page, as GitHub makes them. */
export function anchorsOf({ text }: Page): Set<string> {
  const anchors = new Set<string>();
  for (const [, title] of text.replace(/^ *```.*\n[\s\S]*?^ *```$/gm, '').matchAll(/^#+ (.*)$/gm)) {
    const kept = title.toLowerCase().replace(/[^\p{L}\p{N}\p{M} _-]/gu, '');
    anchors.add(kept.replaceAll(' ', '-'));
  }
  return anchors;
}
