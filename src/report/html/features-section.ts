import { matrix } from '../../array/matrix.ts';
import { activationHistogram } from '../../figures/activation-histogram.ts';
import { activityHistogram } from '../../figures/activity-histogram.ts';
import { densityHistogram } from '../../figures/density-histogram.ts';
import { featureMap } from '../../figures/feature-map.ts';
import { linearAxis } from '../../figures/ticks.ts';
import { unitHistogram } from '../../figures/unit-histogram.ts';
import type { Seen } from '../read-snapshot.ts';
import type { SnapshotTile } from '../run-snapshot.ts';
import type { Summary } from '../run-summary.ts';
import { chart, tile } from './images.ts';
import { cut, html, type Markup } from './markup.ts';

const STRIPS = ' strips';
const MOST_ROWS = 100;
/** Columns that have room for their names. */
const MOST_COLUMNS = 40;
const MOST_DEAD = 4;
/** Inputs whose names a heat map has room for. */
const MOST_NAMED = 100;

/** The features of the most used units, each with its number and how often it is used. */
export function features(snapshot: Seen): Markup {
  const { useIs, looked, tile: shape, step } = snapshot;
  const rows = shape.isImage ? snapshot.shown : fewDead(snapshot.shown);
  const use = useIs === 'frequency' ? 'the share of examples on which each fires' : 'its mean activation ρ̂';
  const place = shape.isImage ? 'Under each its number and' : 'Beside each';
  const over = `${place} ${use}, over ${looked.toLocaleString('en-US')} examples, after step ${step}.`;
  const says = html`<p class="soft">${whichOf(snapshot, rows)}. ${over} ${shape.isImage && shadesOf(snapshot)}</p>`;
  const drawn = shape.isImage ? tiles(snapshot) : heatMap(snapshot, rows);
  return html`<section><h2>Features</h2>${says}${drawn}</section>`;
}

type Shown = Seen['shown'];

/** Which units are shown, of how many. */
function whichOf({ units, uses: { dead } }: Seen, rows: Shown): string {
  const living = rows.filter((one) => !one.dead).length;
  const some = units.toLocaleString('en-US');
  const which =
    living < units - dead
      ? `The ${living} most used of ${some} units`
      : `All ${dead === 0 ? '' : `${living} living ones of `}${some} units`;
  const last = rows.length - living;
  const gone = last === 0 ? 'not shown' : `${last === dead ? 'they come' : `${last} of them come`} last, in flat grey`;
  return `${which}, the most used first${dead === 0 ? '' : `; ${dead} dead: ${gone}`}`;
}

function shadesOf({ tilesAre }: Seen): string {
  const means =
    tilesAre === 'additions'
      ? 'A tile is what a unit adds to a reconstruction: white adds, black takes away.'
      : 'A tile is the weights of a unit: white excites it, black inhibits it.';
  return `${means} Grey does neither; each tile has its own scale, but weights far below those of the others stay grey.`;
}

/** Rows of dead units tell nothing: a few stand for all. */
function fewDead(shown: Shown): Shown {
  const first = shown.findIndex(({ dead }) => dead);
  return shown.slice(0, Math.min(MOST_ROWS, first < 0 ? MOST_ROWS : first + MOST_DEAD));
}

function tiles({ shown, useIs, tile: shape, tiles: bytes }: Seen): Markup {
  const n = shape.height * shape.width * shape.channels;
  const all = shown.map(({ unit, use, dead }, i) => {
    const words = `${unit}${dead ? ' dead' : ` · ${useText(use, useIs)}`}`;
    const picture = pictureOf(bytes.subarray(i * n, (i + 1) * n), shape);
    return html`<figure>${tile(picture, `unit ${words}`)}<figcaption>${words}</figcaption></figure>`;
  });
  return html`<div class="tiles">${all}</div>`;
}

/** Rows that are no images. */
function heatMap({ units, useIs, columns, tile: { width: d }, tiles: bytes, tilesAre }: Seen, rows: Shown): Markup {
  const weights = Float64Array.from(bytes.subarray(0, rows.length * d), (shade, p) => {
    const { scale = 1, dead } = rows[Math.floor(p / d)];
    return dead ? 0 : scale * (shade / 127.5 - 1);
  });
  const options = {
    ...{ use: rows.map(({ use }) => use), useIs, dead: rows.flatMap(({ dead }, i) => (dead ? [i] : [])) },
    ...(columns.length === d && d <= MOST_NAMED ? { columns } : {}),
    ...(tilesAre === 'additions' ? { title: 'What each unit adds to a reconstruction' } : {}),
    of: { units: rows.map(({ unit }) => unit), count: units },
  };
  return chart(`${rows.length} units, a row each`, (width) =>
    featureMap(matrix(weights, rows.length, d), { ...options, width }),
  );
}

/** How the units of the code are used. */
export function uses(snapshot: Seen, summary: Summary | null): Markup | null {
  const activity = summary?.inspection?.histogram;
  const { dead, counts } = snapshot.uses;
  if (counts.length === 0) return null;
  return html`<section><h2>How often units are on</h2>${chart(
    `${snapshot.units} units by their use, ${dead} of them dead`,
    (width) => usesChart(snapshot, summary, width),
  )}${activity && chart('How often units take each activation', (width) => activityHistogram(activity, { width }))}</section>`;
}

function usesChart({ useIs, uses, target, looked, units }: Seen, summary: Summary | null, width: number): string {
  if (useIs === 'frequency') return densityHistogram(uses, { width });
  const metrics = summary?.metrics;
  const marked = target === null ? {} : { target };
  if (metrics !== undefined)
    return activationHistogram(metrics.meanActivations, { ...marked, dead: metrics.deadUnits, width });
  const { edges, counts, dead } = uses;
  return unitHistogram({
    title: `Mean activation of ${units} units so far`,
    notes: [`Over ${looked} examples`],
    xLabel: 'mean activation over the examples',
    width,
    axis: linearAxis(edges[0], edges[edges.length - 1], width < 500 ? 4 : 8),
    bins: counts.map((count, i) => ({ from: edges[i], to: edges[i + 1], units: count })),
    ...(dead === 0 ? {} : { apart: { name: 'dead', units: dead } }),
  });
}

/** Examples, what was seen of them, and what was made of them. */
export function pairs(snapshot: Seen, given: NonNullable<Seen['pairs']>): Markup {
  const { tile: shape } = snapshot;
  const { n, x, corrupted, reconstructions } = given;
  if (!shape.isImage && shape.width <= MOST_COLUMNS) return namedPairs(snapshot, given);
  const size = shape.height * shape.width * shape.channels;
  const rows = [
    { name: 'input', bytes: x },
    ...(corrupted === null ? [] : [{ name: 'corrupted', bytes: corrupted }]),
    { name: 'reconstruction', bytes: reconstructions },
  ].map(({ name, bytes }) => {
    const cells = Array.from({ length: n }, (_, i) =>
      tile(pictureOf(bytes.subarray(i * size, (i + 1) * size), shape), `${name} of example ${i}`),
    );
    return html`<tr><th scope="row">${name}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`;
  });
  const heads = Array.from({ length: n }, (_, i) => html`<th scope="col">${i}</th>`);
  return html`<section><h2>Reconstructions</h2><p class="soft">The first ${n} training examples, each on its own scale, and what the model makes of them.</p><table class="pairs${!shape.isImage && STRIPS}"><thead><tr><th scope="col">example</th>${heads}</tr></thead><tbody>${rows}</tbody></table></section>`;
}

/** The same of rows of a table, whose columns have names: a cell each. */
function namedPairs({ columns }: Seen, { n, x, corrupted, reconstructions }: NonNullable<Seen['pairs']>): Markup {
  const d = columns.length;
  const sides = [
    { name: 'input', bytes: x },
    ...(corrupted === null ? [] : [{ name: 'corrupted', bytes: corrupted }]),
    { name: 'reconstruction', bytes: reconstructions },
  ];
  const rows = Array.from({ length: n }, (_, i) =>
    sides.map(({ name, bytes }) => {
      const cells = columns.map((column, j) => {
        const picture = { height: 1, width: 1, channels: 1, data: bytes.subarray(i * d + j, i * d + j + 1) };
        return html`<td>${tile(picture, `${column} of example ${i}, ${name}`)}</td>`;
      });
      return html`<tr><th scope="row">${i} ${name}</th>${cells}</tr>`;
    }),
  );
  const heads = columns.map((name) => html`<th scope="col">${cut(name, 24)}</th>`);
  return html`<section><h2>Reconstructions</h2><p class="soft">The first ${n} training examples and what the model makes of them: black is the least number of an example, white its largest.</p><div class="scroll"><table class="pairs named"><thead><tr><th scope="col">example</th>${heads}</tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

function pictureOf(shades: Uint8Array, { height, width, channels }: SnapshotTile) {
  return { height, width, channels, data: shades };
}

/** 0.0123 as 1.2%; a mean activation as it is. */
export function useText(use: number, useIs: Seen['useIs']): string {
  return useIs === 'frequency' ? `${Number((100 * use).toPrecision(2))}%` : String(Number(use.toPrecision(2)));
}
