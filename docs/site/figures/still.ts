import { readFileSync } from 'node:fs';
import { DOMParser } from 'linkedom/worker';
import { type Figure, startOf } from './figure.ts';
import { render, STILL_WIDTH } from './render.ts';

/** The palette of figure.css: the colour of each name in the light, and in the dark. */
function palette(css: string): { name: string; light: string; dark: string }[] {
  const block = (selector: string) => new RegExp(`^${selector} \\{([^}]*)\\}`, 'm').exec(css)?.[1] ?? '';
  const colours = (text: string) => new Map([...text.matchAll(/(--figure-\w+): (#\w+);/g)].map(([, n, c]) => [n, c]));
  const dark = colours(block('\\.dark'));
  return [...colours(block(':root'))].map(([name, light]) => ({ name, light, dark: dark.get(name) ?? light }));
}

/**
 * The figure at its start values as an SVG file. Colours are plain attributes, for viewers that know no variables, and a
 * style puts others in their place where the reader prefers the dark. Numbers have two decimals, so that engines agree.
 */
export function still(figure: Figure, css = readFileSync('docs/site/figures/figure.css', 'utf8')): string {
  const colours = palette(css);
  const document = new DOMParser().parseFromString(
    '<svg xmlns="http://www.w3.org/2000/svg"/>',
    'image/svg+xml',
  ) as unknown as Document;
  const svg = render(figure, startOf(figure), STILL_WIDTH, document);
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  svg.setAttribute('aria-label', figure.alt);
  svg.setAttribute('data-controls', String(Object.keys(figure.controls).length));
  const dark = colours.map(
    ({ light, dark }) =>
      `[fill="${light}"]{fill:${dark}}[stroke="${light}"]{stroke:${dark}}[color="${light}"]{color:${dark}}`,
  );
  const style = `<style>@media (prefers-color-scheme:dark){${dark.join('')}}</style>`;
  const ground = '<rect width="100%" height="100%" fill="var(--figure-ground)"/>';
  const drawn = svg.outerHTML.replace(/^<svg[^>]*>/, (open) => `${open}${style}${ground}`);
  const named = drawn.replace(/var\((--figure-\w+)\)/g, (_, name) => {
    const colour = colours.find((one) => one.name === name);
    if (colour === undefined) throw new Error(`${name} is not in figure.css`);
    return colour.light;
  });
  const short = named.replace(/<[^>]+>/g, (tag) =>
    tag.replace(/-?\d+\.\d{3,}(e-\d+)?/g, (number) => String(Number(Number(number).toFixed(2)))),
  );
  return `${short}\n`;
}
