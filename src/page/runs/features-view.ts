import { colourBar } from '../components/colour-bar.ts';
import { grey, signed } from '../components/colours.ts';
import { find, make } from '../components/find.ts';
import { HeatFrame } from '../components/heat-frame.ts';
import { LabelledTiles } from '../components/labelled-tiles.ts';
import { drawTiles } from '../components/tile.ts';
import { TileGrid } from '../components/tile-grid.ts';
import type { Seen } from './read-snapshot.ts';
import { count, useOf } from './words.ts';

/** Rows of a heat map: columns of a table beyond them are not drawn. */
const MOST_ROWS = 500;
const STRONGEST = 6; // columns that are named of a unit

/** The units of a snapshot, the most used first: images as tiles, rows of a table as a heat map. */
export class FeaturesView {
  private readonly about = find('about-features', HTMLElement);
  private readonly images = find('tiles', HTMLElement);
  private readonly heat = find('heat', HTMLElement);
  private readonly bar = find('feature-bar', HTMLElement);
  private readonly unit = find('unit', HTMLElement);
  private readonly large = find('unit-tile', HTMLCanvasElement);
  private readonly tiles = new LabelledTiles(this.images, (i) => this.choose(i));
  private readonly frame = new HeatFrame(this.heat, 'Features, a column a unit; a row a column of the table');
  private readonly grid: TileGrid;
  private seen: Seen | null = null;
  private chosen: number | null = null;

  constructor() {
    const host = make('div', { className: 'tiles' });
    this.frame.slot.append(host);
    this.grid = new TileGrid(host, (i) => this.choose(i));
    this.bar.append(colourBar(signed, ['−, its largest number', '0', '+, its largest number']));
  }

  /** `none` says why there is no snapshot. */
  draw(seen: Seen | null, none: string): void {
    if (seen === this.seen && seen !== null) return;
    this.seen = seen;
    const isImage = seen?.tile.isImage ?? false;
    this.images.hidden = seen === null || !isImage;
    this.heat.hidden = seen === null || isImage;
    this.bar.hidden = this.heat.hidden;
    const missing = find('no-features', HTMLElement);
    missing.hidden = seen !== null;
    missing.textContent = none;
    this.about.textContent = seen === null ? '' : wordsOf(seen);
    if (seen === null) {
      this.choose(null);
      return;
    }
    if (isImage) this.drawImages(seen);
    else this.drawHeat(seen);
    this.choose(this.chosen !== null && this.chosen < seen.shown.length ? this.chosen : null);
  }

  private drawImages({ tile, tiles, shown, useIs }: Seen): void {
    this.tiles.draw(
      tiles,
      shown.length,
      { ...tile, palette: grey },
      (i) => {
        const { unit, use, dead } = shown[i];
        return { name: `${unit}`, also: dead ? 'dead' : useOf(use, useIs), says: saysOf(shown[i], useIs) };
      },
      (i) => shown[i].dead,
    );
  }

  private drawHeat({ tiles, shown, columns, useIs }: Seen): void {
    const rows = Math.min(columns.length, MOST_ROWS);
    const shades = new Uint8Array(rows * shown.length);
    for (let i = 0; i < shown.length; i++) {
      const from = i * columns.length;
      shades.set(tiles.subarray(from, from + rows), i * rows);
    }
    this.frame.draw(
      columns.slice(0, rows),
      shown.map(({ unit }) => `${unit}`),
    );
    this.grid.draw(
      shades,
      shown.length,
      { height: rows, width: 1, palette: signed },
      (i) => saysOf(shown[i], useIs),
      (i) => shown[i].dead,
      { columns: Math.max(1, shown.length), idleIs: 'flat' },
    );
  }

  private choose(i: number | null): void {
    this.chosen = i;
    this.tiles.choose(i);
    this.grid.choose(i);
    const { seen } = this;
    this.large.hidden = i === null || seen === null || !seen.tile.isImage;
    if (seen !== null && i !== null && !this.large.hidden) this.enlarge(seen, i);
    if (seen === null) this.unit.textContent = '';
    else if (i === null) this.unit.textContent = 'Choose a unit: what it looks for, and how often it is on.';
    else {
      const { shown, useIs } = seen;
      const text = `${sentence(saysOf(shown[i], useIs))}. ${shown[i].dead ? '' : strongest(seen, i)}`;
      if (this.unit.textContent !== text) this.unit.textContent = text;
    }
  }

  private enlarge({ tile, tiles, shown }: Seen, i: number): void {
    const length = tile.height * tile.width * tile.channels;
    const own = tiles.subarray(i * length, (i + 1) * length);
    drawTiles(this.large, own, { ...tile, palette: grey }, { columns: 1, gap: 0, flat: () => shown[i].dead });
  }
}

function wordsOf({ shown, units, step, useIs, tile, columns }: Seen): string {
  const dead = shown.filter((one) => one.dead).length;
  const which =
    shown.length < units
      ? `the ${count(shown.length)} most used of ${count(units)} units`
      : `all ${count(units)} units, the most used first`;
  const last = dead > 0 ? `, ${dead === 1 ? 'a dead one' : `${count(dead)} dead ones`} grey at the end` : '';
  const use = useIs === 'mean' ? 'by mean activation ρ̂' : 'by how often they are on';
  const cut =
    !tile.isImage && columns.length > MOST_ROWS ? `; the first ${MOST_ROWS} of ${count(columns.length)} columns` : '';
  return `${which}, ${use}, after step ${count(step)}${last}${cut}`;
}

function saysOf({ unit, use, dead }: Seen['shown'][number], useIs: Seen['useIs']): string {
  if (dead) return `unit ${unit}, dead`;
  return `unit ${unit}, ${useIs === 'mean' ? 'mean activation' : 'on for'} ${useOf(use, useIs)}`;
}

/** The columns that a unit weighs most. */
function strongest({ columns, tiles }: Seen, i: number): string {
  const d = columns.length;
  if (d === 0) return '';
  const own = Array.from(tiles.subarray(i * d, (i + 1) * d), (shade, j) => ({ j, share: shade / 127.5 - 1 }));
  const most = own.sort((a, b) => Math.abs(b.share) - Math.abs(a.share)).slice(0, STRONGEST);
  const words = most
    .filter(({ share }) => Math.abs(share) > 0.01)
    .map(({ j, share }) => {
      return `${columns[j]} ${share < 0 ? '−' : '+'}${Math.round(100 * Math.abs(share))}%`;
    });
  return words.length === 0 ? '' : `Of its largest number: ${words.join(', ')}.`;
}

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
