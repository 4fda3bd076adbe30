import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { delimiter, extname, join, normalize } from 'node:path';
import { chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'chrome'];
const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};
/** A phone, and a computer. */
const WIDTHS = [390, 1280];

/** The browser that CHROMIUM names or the first on the PATH; null where there is none. As test/browser/chromium.ts. */
function findChromium() {
  const { CHROMIUM, PATH = '' } = process.env;
  if (CHROMIUM) return CHROMIUM;
  const places = PATH.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return places.find((place) => existsSync(place)) ?? null;
}

/** A server of the built site, below its base. */
function serve(site, base) {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://site').pathname);
    const name = path.startsWith(base) ? path.slice(base.length) : '..';
    const file = normalize(join(site, name === '' || name.endsWith('/') ? `${name}index.html` : name));
    const found = file.startsWith(site) && existsSync(file);
    response.writeHead(found ? 200 : 404, { 'content-type': TYPES[extname(found ? file : '.html')] ?? 'text/plain' });
    response.end(readFileSync(found ? file : join(site, '404.html')));
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

/** Pages with an equation, or with what should have become one. Source and API have none: a dollar there is code. */
function pagesWithEquations(site) {
  return readdirSync(site, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.html') && !/^(source|api)\b/.test(name))
    .filter((name) => {
      const html = readFileSync(join(site, name), 'utf8').replace(/<code[\s\S]*?<\/code>/g, '');
      return /class="equation"|\$\$/.test(html);
    })
    .sort();
}

/** Runs in the page, once its fonts are there: what is wrong with it now. */
function faultsOf() {
  const faults = [];
  const say = (what, element) => {
    const tex = element?.querySelector('annotation')?.textContent.replace(/\s+/g, ' ').trim();
    faults.push(tex ? `${what}: ${tex.slice(0, 90)}` : what);
  };
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) say('the page scrolls sideways');
  for (const equation of document.querySelectorAll('.equation')) {
    const { left, right } = equation.getBoundingClientRect();
    const parts = [...equation.querySelectorAll('.katex-html .katex-base')].map((part) => part.getBoundingClientRect());
    const ends = [Math.min(...parts.map((part) => part.left)), Math.max(...parts.map((part) => part.right))];
    if (parts.length === 0) say('an equation shows nothing', equation);
    else if (equation.scrollWidth > equation.clientWidth || ends[0] < left - 1 || ends[1] > right + 1)
      say(`an equation is cut off at the side, ${Math.ceil(ends[1] - right)} px`, equation);
    else if (right > width || left < 0) say('an equation leaves the page', equation);
    if (equation.scrollHeight > equation.clientHeight + 2) say('an equation is cut off below', equation);
  }
  for (const node of document.querySelectorAll('.katex-error, merror, mjx-merror'))
    say(`an error node: ${node.textContent}`);
  const texts = document.createTreeWalker(document.querySelector('#VPContent') ?? document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { data, parentElement } = texts.currentNode;
    if (data.includes('$$') && !parentElement?.closest('pre, code, annotation'))
      say(`raw TeX: ${data.trim().slice(0, 90)}`);
  }
  const fonts = [...document.fonts].filter(({ family }) => /KaTeX_(Main|Math)/.test(family));
  if (!fonts.some(({ status }) => status === 'loaded')) say('the fonts of equations are not there');
  // Contrast of the equations' ink to the page, as WCAG 2 counts it.
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\d.]+/g).map((part) => {
      const c = Number(part) / 255;
      return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const paper = light(getComputedStyle(document.body).backgroundColor);
  for (const equation of document.querySelectorAll('.equation')) {
    const ink = light(getComputedStyle(equation.querySelector('.katex-html')).color);
    if ((Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05) < 7) say('an equation is hard to see', equation);
  }
  return faults;
}

/** Search finds, the router turns pages without loading them anew, and leaves the way home to the browser. */
async function checkNavigation(page, address, wrong) {
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(`${address}documentation.html`, { waitUntil: 'networkidle' });
  await page.evaluate(() => {
    window.sameDocument = true;
  });
  await page.click('.VPSidebar a[href$="derivation/kl-sparsity.html"]');
  await page.waitForSelector('.equation');
  await page.evaluate(() => document.fonts.ready);
  if (!(await page.evaluate(() => window.sameDocument))) wrong.add('the router loads pages anew');
  if ((await page.evaluate(faultsOf)).length > 0) wrong.add('kl-sparsity is wrong where the router opens it');
  await page.click('.VPNavBarSearch button');
  await page.fill('.VPLocalSearchBox input', 'contraction');
  await page.waitForSelector('.VPLocalSearchBox .result', { timeout: 10_000 });
  await page.keyboard.press('Escape');
  await page.click('.VPNavBarTitle a');
  await page.waitForFunction(() => window.sameDocument === undefined);
  if (!page.url().startsWith(address)) wrong.add(`the title leads to ${page.url()}`);
}

/**
 * Opens every page with equations, at two widths, light and dark, and looks for what a reader would see at once.
 * @returns a line that says how much was checked, or that there was no browser. @throws Error naming page and equation.
 */
export async function checkEquations(site, base) {
  const executablePath = findChromium();
  if (executablePath === null) return 'NOT CHECKED: equations as a browser shows them. No Chromium: set CHROMIUM';
  const pages = pagesWithEquations(site);
  if (pages.length === 0) throw new Error('no page of the site has an equation');
  const server = await serve(site, base);
  const address = `http://127.0.0.1:${server.address().port}${base}`;
  const args = ['--no-sandbox', '--disable-quic', '--disable-background-networking', '--disable-sync'];
  const browser = await chromium.launch({ executablePath, args });
  const wrong = new Set();
  let equations = 0;
  try {
    let where = '';
    const open = async () => {
      const page = await browser.newPage({ reducedMotion: 'reduce' }); // colours change at once
      page.on('console', (message) => {
        if (message.type() !== 'error') return; // violations of the policy are errors too
        wrong.add(`${where}: ${message.text()} ${message.location().url}`);
      });
      page.on('pageerror', (error) => wrong.add(`${where}: ${error.message}`));
      return page;
    };
    const page = await open();
    await page.addInitScript(() => {
      // Then VitePress does not fetch every page that the one shown links to, which is most of the work.
      Object.defineProperty(navigator, 'connection', { value: { saveData: true } });
    });
    const widths = [...WIDTHS];
    for (const name of pages) {
      where = name;
      await page.goto(address + name);
      await page.evaluate(() => document.fonts.ready);
      widths.reverse(); // a page begins at the width at which the last one ended
      for (const width of widths) {
        await page.setViewportSize({ width, height: 900 });
        for (const colorScheme of ['light', 'dark']) {
          await page.emulateMedia({ colorScheme });
          for (const fault of await page.evaluate(faultsOf))
            wrong.add(`${name}, ${width} px, ${colorScheme}: ${fault}`);
        }
      }
      equations += await page.locator('.equation').count();
    }
    where = 'navigation';
    await checkNavigation(await open(), address, wrong);
  } finally {
    await browser.close();
    server.close();
  }
  if (wrong.size > 0) throw new Error(`${wrong.size} things are wrong:\n${[...wrong].slice(0, 60).join('\n')}`);
  return `${pages.length} pages with ${equations} equations, at ${WIDTHS.join(' and ')} pixels, light and dark`;
}
