import type { Plugin as VitePlugin } from 'vite';
import { defineConfig } from 'vitepress';
import { plainArrays, stillFigures } from './figures.ts';
import { anchor, equations, repositoryLinks, sourceBlocks, withoutEquations } from './markdown.ts';
import { nav, sidebar } from './navigation.ts';
import { withPolicy } from './policy.ts';
import { HOME, NO_PAGES, pages, root } from './repository.ts';

/** The folder that the site lies in on its server, with a slash at both ends: `npm run site -- --base /rhohat/`. */
const base = process.env.SITE_BASE ?? '/';

/** Pages at their place on the site, and where they are in the repository. */
const known = new Map(pages.map((path) => [path === HOME.file ? HOME.page : path.replace(/^docs\//, ''), path]));

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

/** KaTeX names each font in three formats; every browser that the site works in takes the first. */
const onlyWoff2: VitePlugin = {
  name: 'only-woff2',
  enforce: 'pre',
  transform(css, id) {
    return /katex[^/]*\.css$/.test(id) ? css.replace(/,\s*url\([^)]*\.(woff|ttf)\) format\("\w+"\)/g, '') : null;
  },
};

export default defineConfig({
  title: 'rhohat',
  description:
    'A numeric engine for sparse autoencoders: every gradient derived by hand and proved by a gradient check',
  base,
  // The address of the site itself is the playground, which is no page of VitePress's: whatever leads home leads here.
  locales: { root: { label: 'English', lang: 'en-US', link: `/${HOME.page.replace(/\.md$/, '.html')}` } },
  // Pages stay where they are in the repository, readable there; the root of the site is docs/.
  srcDir: root,
  srcExclude: NO_PAGES,
  rewrites: {
    'docs/site/source/:path*': 'source/:path*',
    [HOME.file]: HOME.page,
    'docs/:path*': ':path*',
    'build/api/:path*': 'api/:path*',
  },
  outDir: `${root}/build/site`,
  cacheDir: `${root}/build/site-cache`,
  metaChunk: true,
  head: [['link', { rel: 'icon', href: `data:image/svg+xml,${encodeURIComponent(icon)}` }]],
  transformHtml: withPolicy,
  // KaTeX turns equations into HTML and, for screen readers, MathML at build time: no script runs in the page. MathJax,
  // VitePress's own choice, looks as good, but draws each as SVG paths, which cannot be selected: 27 kB compressed for
  // the equations of kl-sparsity.md against 6 kB. KaTeX's price is 60 kB of fonts, loaded once, where equations are.
  markdown: {
    anchor: { slugify: anchor },
    headers: { level: [2, 3] },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark' },
    config(md) {
      equations(md, known);
      repositoryLinks(md, known);
      sourceBlocks(md, base);
      stillFigures(md);
    },
  },
  themeConfig: {
    nav,
    sidebar: sidebar(),
    outline: [2, 3],
    logoLink: { link: base, target: '_self' },
    search: {
      provider: 'local',
      options: { _render: (source, env, md) => withoutEquations(md.render(source, env)) },
    },
  },
  vite: {
    build: {
      chunkSizeWarningLimit: 4000, // the search index
      assetsInlineLimit: (file) => (file.endsWith('.woff2') ? false : undefined), // a font is loaded where it is used
    },
    plugins: [vueOfTheSite, onlyWoff2, plainArrays],
  },
});
