import { encodePng, type Picture } from '../../src/figures/picture.ts';
import type { Formed, Moment } from './trained.ts';

/** Of a frame, in CSS pixels. */
export const WIDTH = 560;
export const HEIGHT = 320;

const COMMAND = 'npx rhohat train';
const CURVE = { width: 212, height: 64 };

const url = (picture: Picture) => `data:image/png;base64,${Buffer.from(encodePng(picture)).toString('base64')}`;

/** The page of which a frame is a picture: the command, what it sees, how far it is, and the units. */
export function pageOf(formed: Formed): string {
  return `<!doctype html><meta charset="utf-8"><style>
  * { margin: 0; box-sizing: border-box }
  body { width: ${WIDTH}px; height: ${HEIGHT}px; padding: 12px; display: flex; justify-content: space-between;
    background: #14171c; color: #b9c0c9; font: 13px/18px 'DejaVu Sans', system-ui, sans-serif }
  section { width: ${CURVE.width}px; display: flex; flex-direction: column; justify-content: space-between }
  h1, output { font: 15px/20px 'DejaVu Sans Mono', ui-monospace, monospace; color: #f2f4f7 }
  h1 span, output { color: #8b94a0 }
  output b { color: #f2f4f7; font-weight: normal }
  #sees { display: flex; gap: 12px; align-items: center }
  #sees img { width: 92px; height: 92px; object-fit: none; object-position: 40% 70%; image-rendering: pixelated }
  #tiles { width: 296px; height: 296px; image-rendering: pixelated }
  svg { display: block; overflow: visible }
  </style><body><section>
  <h1><span>$</span> ${COMMAND}</h1>
  <div id="sees"><img src="${url(formed.image)}"><p>${formed.patches.toLocaleString('en-US')} patches<br>of generated<br>images</p></div>
  <svg width="${CURVE.width}" height="${CURVE.height}" fill="none"><path id="all" stroke="#3a414b" stroke-width="1.5"/>
  <path id="so-far" stroke="#e6b450" stroke-width="2"/><circle id="now" r="3.5" fill="#e6b450"/></svg>
  <div><output id="iteration"></output><br><output id="cost"></output></div>
  <p>${formed.units} hidden units: a tile is<br>what one of them looks for</p>
  </section><img id="tiles">`;
}

/** What a moment puts into the page. */
export interface Shown {
  readonly tiles: string;
  readonly all: string;
  readonly soFar: string;
  readonly now: readonly [x: number, y: number];
  readonly iteration: string;
  readonly cost: string;
}

export function shownOf(formed: Formed, { iteration, cost, tiles }: Moment): Shown {
  const points = curveOf(formed.costs);
  const path = (some: readonly (readonly [number, number])[]) => `M${some.map((point) => point.join(' ')).join('L')}`;
  return {
    tiles: url(tiles),
    all: path(points),
    soFar: path(points.slice(0, iteration + 1)),
    now: points[iteration],
    iteration: `iteration <b>${iteration}</b> of ${formed.iterations}`,
    cost: `cost <b>${cost.toFixed(3)}</b>`,
  };
}

/** Iterations whose costs, a hundred times the last, are above the curve's frame. */
const ABOVE = 10;

/** The cost over the iterations, in pixels from the top left corner. */
function curveOf(costs: readonly number[]): (readonly [number, number])[] {
  const [most, least] = [costs[ABOVE], costs[costs.length - 1]];
  const rounded = (pixels: number) => Math.round(10 * pixels) / 10;
  return costs.map((cost, i) => [
    rounded((CURVE.width * i) / (costs.length - 1)),
    rounded(Math.max(0, (CURVE.height * (most - cost)) / (most - least))),
  ]);
}
