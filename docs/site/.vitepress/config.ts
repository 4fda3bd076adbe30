import type { Plugin as VitePlugin } from 'vite';
import { defineConfig } from 'vitepress';
import { plainArrays, stillFigures } from './figures.ts';
import { anchor, repositoryLinks, sourceBlocks } from './markdown.ts';
import { nav, sidebar } from './navigation.ts';
import { NO_PAGES, pages, root } from './repository.ts';

/** The folder that the site lies in on its server, with a slash at both ends: `npm run site -- --base /rhohat/`. */
const base = process.env.SITE_BASE ?? '/';

/** Pages at their place on the site, and where they are in the repository. */
const known = new Map(pages.map((path) => [path.replace(/^docs\//, ''), path]));

const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><text x="3" y="13" font-size="14" fill="#3a6ea5">ρ̂</text></svg>`;

/**
 * Pages that are rendered at build time import Vue from where this folder installs it: Vite would look for it beside
 * the pages, from the root of the repository, where it is not.
 */
const vueOfTheSite: VitePlugin = {
  name: 'vue-of-the-site',
  enforce: 'pre',
  resolveId(id, _importer, { ssr }) {
    return ssr && /^vue(\/server-renderer)?$/.test(id) ? { id, external: true } : null;
  },
};

export default defineConfig({
  title: 'rhohat',
  description:
    'A numeric engine for sparse autoencoders: every gradient derived by hand and proved by a gradient check',
  base,
  // Pages stay where they are in the repository, readable there; the root of the site is docs/.
  srcDir: root,
  srcExclude: NO_PAGES,
  rewrites: {
    'docs/site/source/:path*': 'source/:path*',
    'docs/:path*': ':path*',
    'build/api/:path*': 'api/:path*',
  },
  outDir: `${root}/build/site`,
  cacheDir: `${root}/build/site-cache`,
  metaChunk: true,
  head: [['link', { rel: 'icon', href: `data:image/svg+xml,${encodeURIComponent(icon)}` }]],
  markdown: {
    anchor: { slugify: anchor },
    headers: { level: [2, 3] },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark' },
    config(md) {
      repositoryLinks(md, known);
      sourceBlocks(md, base);
      stillFigures(md);
    },
  },
  themeConfig: {
    nav,
    sidebar: sidebar(),
    outline: [2, 3],
    search: { provider: 'local' },
  },
  vite: {
    build: { chunkSizeWarningLimit: 4000 }, // the search index
    plugins: [vueOfTheSite, plainArrays],
  },
});
