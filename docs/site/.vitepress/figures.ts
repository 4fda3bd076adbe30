import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin as VitePlugin } from 'vite';
import type { MarkdownRenderer } from 'vitepress';
import { root } from './repository.ts';

/**
 * A still picture of the derivation, `![…](figures/NAME.svg)`, gets an element around it in which the theme makes it live,
 * with its height and the number of its controls, so that their room is kept.
 */
export function stillFigures(md: MarkdownRenderer): void {
  const image = md.renderer.rules.image;
  if (image === undefined) throw new Error('VitePress renders no images');
  md.renderer.rules.image = (tokens, i, options, env, self) => {
    const name = /^(?:\.\/)?figures\/([\w-]+)\.svg$/.exec(tokens[i].attrGet('src') ?? '')?.[1];
    const html = image(tokens, i, options, env, self);
    if (name === undefined) return html;
    const svg = readFileSync(join(root, 'docs/derivation/figures', `${name}.svg`), 'utf8');
    const open = /<svg[^>]*>/.exec(svg)?.[0] ?? '';
    const [height, controls] = ['height', 'data-controls'].map((key) => new RegExp(` ${key}="(\\d+)"`).exec(open)?.[1]);
    if (height === undefined || controls === undefined) throw new Error(`${name}.svg: run npm run stills`);
    const room = `--figure-height: ${height}; --figure-controls: ${controls}`;
    return `<span class="figure" data-figure="${name}" style="${room}">${html}</span>`;
  };
}

/** Figures compute with the engine's source: its arrays are the plain ones, which need no code from strings. */
export const plainArrays: VitePlugin = {
  name: 'plain-arrays',
  enforce: 'pre',
  resolveId(id, importer) {
    return importer && /\/ndarray\.ts$/.test(id)
      ? this.resolve(id.replace('ndarray.ts', 'ndarray-plain.ts'), importer)
      : null;
  },
};
