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
import { html, type Markup } from './markup.ts';

const MOST_ROWS = 100;

/** The features of the most used units, each with its number and how often it is used. */
export function features(snapshot: Seen): Markup {
  const { shown, units, useIs, looked, tile: shape, step } = snapshot;
  const bytes = snapshot.tiles;
  const n = shape.height * shape.width * shape.channels;
  const of =
    shown.length < units
      ? `The ${shown.length} most used of ${units.toLocaleString('en-US')} units`
      : `All ${units} units`;
  const use = useIs === 'frequency' ? 'the share of examples on which each fires' : 'its mean activation ρ̂';
  const shades = shape.isImage
    ? ` Under each its number and ${use}, over ${looked.toLocaleString('en-US')} examples. White excites the unit, black inhibits it, grey does neither; each on its own scale, but noise is not stretched.`
    : ` Beside each ${use}, over ${looked.toLocaleString('en-US')} examples.`;
  const says = `${of}, the most used first, dead ones last and flat grey; after step ${step}.${shades}`;
  if (!shape.isImage)
    return html`<section><h2>Features</h2><p class="soft">${says}</p>${rowsOf(snapshot, bytes)}</section>`;
  const tiles = shown.map(({ unit, use, dead }, i) => {
    const words = `${unit}${dead ? ' dead' : ` · ${useText(use, useIs)}`}`;
    const picture = pictureOf(bytes.subarray(i * n, (i + 1) * n), shape);
    return html`<figure>${tile(picture, `unit ${words}`)}<figcaption>${words}</figcaption></figure>`;
  });
  return html`<section><h2>Features</h2><p class="soft">${says}</p><div class="tiles">${tiles}</div></section>`;
}

/** Rows that are no images: a heat map, and at most so many of them. */
function rowsOf({ shown, units, useIs, columns, tile: { width: d } }: Seen, bytes: Uint8Array): Markup {
  const rows = shown.slice(0, MOST_ROWS);
  const weights = Float64Array.from(bytes.subarray(0, rows.length * d), (shade, p) => {
    const { scale = 1, dead } = rows[Math.floor(p / d)];
    return dead ? 0 : scale * (shade / 127.5 - 1);
  });
  const dead = rows.flatMap(({ dead }, i) => (dead ? [i] : []));
  const options = {
    ...{ use: rows.map(({ use }) => use), useIs, dead },
    ...(columns?.length === d ? { columns } : {}),
    of: { units: rows.map(({ unit }) => unit), count: units },
  };
  const says = `What ${rows.length} units look for, a row each`;
  return chart(says, (width) => featureMap(matrix(weights, rows.length, d), { ...options, width }));
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
export function pairs({ tile: shape }: Seen, { n, x, corrupted, reconstructions }: NonNullable<Seen['pairs']>): Markup {
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
  return html`<section><h2>Reconstructions</h2><p class="soft">The first ${n} training examples, each on its own scale, and what the model makes of them.</p><table class="pairs"><thead><tr><th scope="col">example</th>${heads}</tr></thead><tbody>${rows}</tbody></table></section>`;
}

function pictureOf(shades: Uint8Array, { height, width, channels }: SnapshotTile) {
  return { height, width, channels, data: shades };
}

/** 0.0123 as 1.2%; a mean activation as it is. */
export function useText(use: number, useIs: Seen['useIs']): string {
  return useIs === 'frequency' ? `${Number((100 * use).toPrecision(2))}%` : String(Number(use.toPrecision(2)));
}
