// npm run picture: trains what `npx rhohat train` trains and draws how its features form, into docs/forming.gif.
// Needs Chromium, which sets the text: CHROMIUM names it, or the PATH.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { decode } from 'fast-png';
import gifenc from 'gifenc';
import { chromium } from 'playwright-core';
import { findChromium } from '../../test/browser/chromium.ts';
import { HEIGHT, pageOf, type Shown, shownOf, WIDTH } from './frame.ts';
import { form } from './trained.ts';

const { values } = parseArgs({
  options: { out: { type: 'string', default: 'docs/forming.gif' } },
});
/** Before this iteration the units are noise, and few frames do. */
const [NOISE, NOISE_STEP] = [20, 4];
/** From there each frame is this much later than the last: edges are there halfway, and sharpen to the end. */
const STEP = 1.06;
const COLOURS = 40;
const [FIRST_MS, FRAME_MS, LAST_MS] = [900, 130, 4000];

function isShown(iteration: number): boolean {
  if (iteration <= NOISE) return iteration % NOISE_STEP === 0;
  const place = (i: number) => Math.floor(Math.log(i / NOISE) / Math.log(STEP));
  return place(iteration) > place(iteration - 1);
}

/** Puts a moment into the page: it runs there. */
function show({ tiles, all, soFar, now, iteration, cost }: Shown): Promise<void> {
  const at = (id: string) => document.querySelector(`#${id}`) as Element;
  at('all').setAttribute('d', all);
  at('so-far').setAttribute('d', soFar);
  at('now').setAttribute('cx', `${now[0]}`);
  at('now').setAttribute('cy', `${now[1]}`);
  at('iteration').innerHTML = iteration;
  at('cost').innerHTML = cost;
  const image = at('tiles') as HTMLImageElement;
  image.src = tiles;
  return image.decode();
}

const executablePath = findChromium();
if (executablePath === null) throw new Error('there is no Chromium: CHROMIUM=path names one');
const formed = await form(isShown);
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  const page = await browser.newPage({ viewport: { width: WIDTH, height: HEIGHT } });
  await page.setContent(pageOf(formed));
  const frames: Uint8Array[] = [];
  for (const moment of formed.moments) {
    await page.evaluate(show, shownOf(formed, moment));
    frames.push(rgba(await page.screenshot()));
  }
  const gif = encodeGif(frames, WIDTH, HEIGHT);
  writeFileSync(values.out, gif);
  const { cost } = formed.moments[formed.moments.length - 1];
  console.log(`${values.out}: ${frames.length} frames, ${(gif.length / 1e3).toFixed(0)} kB; cost ${cost}`);
} finally {
  await browser.close();
}

/** A screenshot is RGB or RGBA. */
function rgba(png: Uint8Array): Uint8Array {
  const { data, channels, width, height } = decode(png);
  return Uint8Array.from({ length: 4 * width * height }, (_, p) =>
    p % 4 < channels ? data[Math.floor(p / 4) * channels + (p % 4)] : 255,
  );
}

/** One palette for all frames; of each but the first only what changes, as the rest is transparent. */
function encodeGif(frames: readonly Uint8Array[], width: number, height: number): Uint8Array {
  const sample = new Uint8Array(2 * frames[0].length);
  sample.set(frames[0]);
  sample.set(frames[frames.length - 1], frames[0].length);
  const palette = gifenc.quantize(sample, COLOURS - 1);
  const transparentIndex = palette.length;
  palette.push([255, 0, 255]);
  const gif = gifenc.GIFEncoder();
  let before: Uint8Array | undefined;
  frames.forEach((frame, i) => {
    const index = gifenc.applyPalette(frame, palette.slice(0, transparentIndex));
    const changed = before === undefined ? index : index.map((c, p) => (c === before?.[p] ? transparentIndex : c));
    const delay = i === 0 ? FIRST_MS : i === frames.length - 1 ? LAST_MS : FRAME_MS;
    gif.writeFrame(changed, width, height, {
      ...(i === 0 ? { palette } : {}),
      delay,
      transparent: true,
      transparentIndex,
      dispose: 1,
    });
    before = index;
  });
  gif.finish();
  return gif.bytes();
}
