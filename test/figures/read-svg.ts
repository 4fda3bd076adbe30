import { DOMParser } from 'linkedom';
import * as assert from 'uvu/assert';

/**
 * The SVG's root element, after a check that the string is one well-formed XML element. The check is ours because
 * linkedom's parser forgives everything: tags are balanced, attributes quoted, and no bare < or & is left.
 */
export function readSvg(svg: string): Element {
  const tag = /<(\/?)([A-Za-z][\w:.-]*)((?:\s+[\w:.-]+="[^"<]*")*)\s*(\/?)>/g;
  const open: string[] = [];
  const between = svg.replace(tag, (_, closing: string, name: string, _attributes: string, empty: string) => {
    if (closing) assert.is(open.pop(), name, `</${name}> closes another element`);
    else if (!empty) open.push(name);
    return '';
  });
  assert.equal(open, [], 'all elements are closed');
  assert.not.match(between, /</, 'no bare < in text');
  assert.not.match(svg, /&(?!(?:amp|lt|gt|quot|apos|#\d+);)/, 'no bare & anywhere');
  const root = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement as unknown as Element;
  assert.is(root.getAttribute('xmlns'), 'http://www.w3.org/2000/svg');
  return root;
}

/** All texts of a figure, in document order. */
export function textsOf(root: Element): string[] {
  return [...root.querySelectorAll('text')].map((text) => text.textContent ?? '');
}

/** The (x, y) points of the curve that carries the name. */
export function curveOf(root: Element, name: string): number[][] {
  const path = [...root.querySelectorAll('path')].find((one) => one.getAttribute('aria-label') === name);
  assert.ok(path, `there is a curve named ${name}`);
  return [...(path?.getAttribute('d') ?? '').matchAll(/[ML]([\d.e-]+),([\d.e-]+)/g)].map(([, x, y]) => [+x, +y]);
}

/** Where the x axis's tick with this label stands, in pixels. */
export function xOfTick(root: Element, label: string): number {
  const ticks = root.querySelectorAll('g[aria-label="x-axis tick label"] text');
  const tick = [...ticks].find((text) => text.textContent === label);
  assert.ok(tick, `there is an x tick ${label}`);
  return Number(tick?.getAttribute('transform')?.match(/translate\(([\d.]+)/)?.[1]);
}
