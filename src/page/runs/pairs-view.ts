import type { Seen } from '../../report/read-snapshot.ts';
import { colourBar } from '../components/colour-bar.ts';
import { grey, viridis } from '../components/colours.ts';
import { find, make } from '../components/find.ts';
import { HeatFrame } from '../components/heat-frame.ts';
import { Pairs } from '../components/pairs.ts';
import { drawTiles } from '../components/tile.ts';

const MOST_ROWS = 500;
const MOST = 12; // examples
const MOST_NARROW = 6;
const NARROW = 480; // pixels

interface Side {
  readonly name: string;
  readonly shades: Uint8Array;
}

/** Examples, what the model saw of them where they were corrupted, and what it makes of them. */
export class PairsView {
  private readonly part = find('pairs-part', HTMLElement);
  private readonly images = find('pairs-images', HTMLElement);
  private readonly heat = find('pairs-heat', HTMLElement);
  private readonly bar = find('pairs-bar', HTMLElement);
  private readonly pairs = new Pairs(find('pairs', HTMLCanvasElement));
  private readonly frame = new HeatFrame(
    this.heat,
    'Examples and what the model makes of them, a row a column of the table',
  );
  private readonly canvas = make('canvas');
  private seen: Seen | null = null;

  constructor() {
    this.canvas.setAttribute('role', 'img');
    this.canvas.setAttribute('aria-labelledby', 'about-pairs');
    this.frame.slot.append(this.canvas);
    this.bar.append(colourBar(viridis, ['least', '', 'largest of what is shown']));
  }

  draw(seen: Seen | null): void {
    if (seen === this.seen) return;
    this.seen = seen;
    const { pairs, tile } = seen ?? {};
    this.part.hidden = !pairs;
    if (!seen || !pairs || !tile) return;
    this.images.hidden = !tile.isImage;
    this.heat.hidden = tile.isImage;
    this.bar.hidden = tile.isImage;
    const d = tile.height * tile.width * tile.channels;
    const n = Math.min(pairs.n, this.part.clientWidth < NARROW ? MOST_NARROW : MOST);
    const sides: Side[] = [
      { name: 'input', shades: pairs.x },
      ...(pairs.corrupted === null ? [] : [{ name: 'corrupted', shades: pairs.corrupted }]),
      { name: 'reconstruction', shades: pairs.reconstructions },
    ].map(({ name, shades }) => ({ name, shades: shades.subarray(0, n * d) }));
    const names = sides.map(({ name }) => name);
    const order = tile.isImage ? '' : `; of each example from the left: ${names.join(', ')}`;
    find('about-pairs', HTMLElement).textContent = `Inputs, and what the model makes of them${order}`;
    if (tile.isImage) {
      find('pairs-names', HTMLElement).replaceChildren(...names.map((name) => make('li', {}, name)));
      this.pairs.draw(
        sides.map(({ shades }) => shades),
        { ...tile, palette: grey },
      );
    } else this.drawTable(seen, sides, n);
  }

  /** Of each example a column a side, and then an empty one. */
  private drawTable({ columns }: Seen, sides: readonly Side[], n: number): void {
    const d = columns.length;
    const rows = Math.min(d, MOST_ROWS);
    const stride = sides.length + 1;
    const shades = new Uint8Array(rows * stride * n);
    const heads: string[] = [];
    for (let i = 0; i < n; i++) {
      for (const [side, own] of sides.entries()) {
        shades.set(own.shades.subarray(i * d, i * d + rows), (stride * i + side) * rows);
        heads.push(side === 0 ? `${i}` : '');
      }
      heads.push('');
    }
    this.frame.draw(columns.slice(0, rows), heads, 10);
    const opacity = (tile: number) => (tile % stride === sides.length ? 0 : 1);
    drawTiles(
      this.canvas,
      shades,
      { height: rows, width: 1, palette: viridis },
      { columns: stride * n, gap: 0, opacity },
    );
  }
}
