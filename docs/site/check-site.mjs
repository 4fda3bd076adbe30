import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';

const decode = (text) => decodeURIComponent(text.replaceAll('&amp;', '&'));

/** Addresses of a page: those of links, and those that a browser loads by itself. */
function addressesOf(html) {
  const tags = [...html.matchAll(/<(a|link|script|img|source|iframe)\s[^>]*?\b(?:href|src)="([^"]*)"/g)];
  return tags.map(([, tag, address]) => ({ address: decode(address), loads: tag !== 'a' }));
}

/**
 * Follows every link of the built pages to its file and its anchor.
 * @returns a line that says how much was checked. @throws Error naming each that leads nowhere or loads from elsewhere, and
 *   pages that have no Content-Security-Policy before whatever they load.
 */
export function checkSite(site, base) {
  const files = readdirSync(site, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.html'));
  const pages = new Map(files.map((name) => [name, readFileSync(join(site, name), 'utf8')]));
  const ids = new Map();
  const idsOf = (name) => {
    if (!ids.has(name))
      ids.set(name, new Set([...pages.get(name).matchAll(/\sid="([^"]*)"/g)].map(([, id]) => decode(id))));
    return ids.get(name);
  };
  const wrong = new Set();
  let links = 0;
  for (const [name, html] of pages) {
    const first = html.search(/<(script|link|meta http-equiv)\b/);
    if (!html.startsWith('<meta http-equiv="Content-Security-Policy"', first))
      wrong.add(`${name}: no policy at its head`);
    for (const { address, loads } of addressesOf(html)) {
      if (/^(https?:)?\/\//.test(address)) {
        if (loads) wrong.add(`${name}: loads ${address}`);
        continue;
      }
      if (/^[a-z]+:/.test(address)) continue;
      links++;
      const [path, anchor] = address.split('#');
      const from = path.startsWith(base) ? path.slice(base.length) : posix.join(posix.dirname(name), path);
      let target = path === '' ? name : from;
      if (target === '' || target.endsWith('/')) target += 'index.html';
      const found = existsSync(join(site, target)) && statSync(join(site, target)).isFile();
      if (!found) wrong.add(`${name}: ${address} is not there`);
      else if (anchor && pages.has(target) && !idsOf(target).has(anchor))
        wrong.add(`${name}: ${address} has no such anchor`);
    }
  }
  if (wrong.size > 0) throw new Error(`${wrong.size} links or pages are wrong:\n${[...wrong].slice(0, 40).join('\n')}`);
  return `${pages.size} pages, ${links} links lead somewhere`;
}
