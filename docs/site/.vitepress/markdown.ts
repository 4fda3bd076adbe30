import katex from 'katex';
import type { MarkdownRenderer } from 'vitepress';
import { addressOf, read, sources, targetOf } from './repository.ts';

/** Anchors of headings as GitHub makes them, so that a link with one works at both places. */
export const anchor = (title: string) =>
  title
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
    .replaceAll(' ', '-');

type Token = Parameters<MarkdownRenderer['renderer']['render']>[0][number];

/** What VitePress says of the page that is rendered: its place on the site, and that of its file. */
interface Environment {
  readonly relativePath: string;
  readonly realPath?: string;
}

/** What TypeDoc says of members inherited from the language itself, such as Error's: their file is no page. */
function unlinkForeign(tokens: readonly Token[]): void {
  for (const children of tokens.map((token) => token.children ?? [])) {
    children.forEach((token, i) => {
      if (token.type !== 'link_open' || !token.attrGet('href')?.includes('/node_modules/')) return;
      const close = children.slice(i).find(({ type }) => type === 'link_close');
      token.attrs = null;
      for (const half of [token, close]) if (half) Object.assign(half, { type: 'text_in_span', tag: 'span' });
    });
  }
}

/**
 * Links between files of the repository become links between pages of the site: a source file, a folder, a page at
 * another place. A link that leads nowhere ends the build.
 */
export function repositoryLinks(md: MarkdownRenderer, known: ReadonlyMap<string, string>): void {
  md.core.ruler.push('repository-links', ({ tokens, env }) => {
    const page = known.get((env as Environment).relativePath) ?? null;
    if (page === null) return unlinkForeign(tokens);
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const target = token.type === 'link_open' ? targetOf(page, token.attrGet('href') ?? '') : null;
      if (target === null || /\.(png|svg)$/.test(target.path)) continue;
      try {
        token.attrSet('href', addressOf(target.path) + target.anchor);
      } catch (error) {
        throw new Error(`${page}: ${error instanceof Error ? error.message : error}`);
      }
    }
  });
}

/** Over a block of quoted lines: the name of their file, a link to the first of them. */
function quotation(path: string, content: string, base: string): string {
  const wanted = content.trim().split('\n')[0].trim();
  const line =
    read(path)
      .split('\n')
      .findIndex((text) => text.trim() === wanted) + 1;
  return `<a class="quoted" href="${base}${addressOf(path).slice(1)}#L${line}">${path}</a>`;
}

/** Fences of tables in plain text: rows of the gradient check, planted mistakes. */
const TABLES = new Set(['rows', 'planted']);

/**
 * Fenced blocks. `ts src/a/b.ts` quotes lines of that file and gets its name as a title; the lines of source pages get
 * an id each, for links to them.
 */
export function sourceBlocks(md: MarkdownRenderer, base: string): void {
  const fence = md.renderer.rules.fence;
  if (fence === undefined) throw new Error('VitePress renders no fenced blocks');
  md.renderer.rules.fence = (tokens, i, options, env: Environment, self) => {
    const { info, content } = tokens[i];
    if (TABLES.has(info.trim())) tokens[i].info = 'txt';
    const html = fence(tokens, i, options, env, self);
    if (env.relativePath.startsWith('source/')) {
      let line = 0;
      return html.replaceAll('<span class="line">', () => `<span class="line" id="L${++line}">`);
    }
    const [, quoted] = /^ts ((?:src|test)\/\S+)$/.exec(info.trim()) ?? [];
    return quoted !== undefined && sources.has(quoted) ? quotation(quoted, content, base) + html : html;
  };
}

/**
 * Room below a row, in em. TeX counts what a fraction or the index of a sum hangs down as a part of it. Pages end rows in
 * \cr, which takes none: of \\[…] GitHub's Markdown would take a backslash.
 */
const room = (row: string) => (row.includes('\\sum_') ? 1.2 : row.includes('\\frac') ? 0.75 : 0.25);

/**
 * Display equations of hand-written pages: `$$` alone on a line, TeX, `$$` alone on a line, as on GitHub. Elsewhere a
 * dollar is a dollar. One that KaTeX does not know, or that is not closed, ends the build.
 */
export function equations(md: MarkdownRenderer, known: ReadonlyMap<string, string>): void {
  md.block.ruler.before('paragraph', 'equation', (state, first, end, silent) => {
    const line = (n: number) => state.src.slice(state.bMarks[n] + state.tShift[n], state.eMarks[n]).trim();
    const page = known.get((state.env as Environment).relativePath);
    if (page === undefined || line(first) !== '$$') return false;
    if (silent) return true;
    let last = first + 1;
    while (last < end && line(last) !== '$$') last++;
    if (last >= end) throw new Error(`${page}:${first + 1}: the equation is not closed`);
    const token = state.push('equation', 'div', 0);
    token.content = state.getLines(first + 1, last, state.blkIndent, false);
    token.map = [first, last + 1];
    token.meta = page;
    state.line = last + 1;
    return true;
  });
  md.renderer.rules.equation = (tokens, i) => {
    const { content, map, meta } = tokens[i];
    const tex = content.replace(/^(.*) \\cr$/gm, (_, row) => `${row} \\\\[${room(row)}em]`);
    try {
      const html = katex.renderToString(tex, { displayMode: true, strict: 'error' });
      // Vue does not know these attributes of MathML, which say how wide or high what nobody sees is drawn, and would
      // keep the whole equation in the page's script a second time.
      const known = html.replace(/ (rowspacing|columnspacing|columnalign|minsize|maxsize)="[^"]*"/g, '');
      return `<div class="equation" v-pre>${known}</div>\n`;
    } catch (error) {
      throw new Error(`${meta}:${(map?.[0] ?? 0) + 1}: ${error instanceof Error ? error.message : error}`);
    }
  };
}

/** A page without its equations, for the search index: nobody types those, and KaTeX writes each three times. */
export const withoutEquations = (html: string) => html.replace(/<div class="equation"[\s\S]*?<\/div>\n/g, '');
