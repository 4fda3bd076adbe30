import { rove } from './rove.ts';
import { columnsFor, drawTiles, type TileShape } from './tile.ts';

const FAINT = 0.3;
/** Tiles that are longer are drawn thicker than their numbers are long, or nobody would see them. */
const LONGEST = 40;

/** Tiles that can be chosen: on one canvas, a button over each; the arrow keys lead from one to the next. */
export class TileGrid {
  private readonly host: HTMLElement;
  private readonly pick: (tile: number) => void;
  private readonly canvas = document.createElement('canvas');
  private readonly rove: (buttons: readonly HTMLButtonElement[]) => void;
  private buttons: HTMLButtonElement[] = [];
  private columns = 1;
  private chosen: number | null = null;

  constructor(host: HTMLElement, pick: (tile: number) => void) {
    this.host = host;
    this.pick = pick;
    this.rove = rove(host, () => this.columns);
  }

  /**
   * Draws n tiles, whose shades lie one after the other. `name` says each in words, `idle` whether it does nothing: it is faint then,
   * or, on request, grey throughout.
   */
  draw(
    shades: Uint8Array,
    n: number,
    shape: TileShape,
    name: (tile: number) => string,
    idle: (tile: number) => boolean,
    { columns = columnsFor(n, shape), idleIs = 'faint' }: { columns?: number; idleIs?: 'faint' | 'flat' } = {},
  ) {
    if (n !== this.buttons.length) this.lay(n);
    this.columns = columns;
    this.host.style.setProperty('--columns', `${this.columns}`);
    this.host.style.setProperty('--widest', `${this.columns * Math.max(64, 22 * shape.width)}px`);
    this.host.style.setProperty('--aspect', `${Math.min(LONGEST, shape.width / shape.height)}`);
    const seen = idleIs === 'flat' ? { flat: idle } : { opacity: (tile: number) => (idle(tile) ? FAINT : 1) };
    drawTiles(this.canvas, shades, shape, { columns, gap: 0, ...seen });
    for (const [i, button] of this.buttons.entries()) {
      const says = name(i);
      if (button.title === says) continue;
      button.title = says;
      button.setAttribute('aria-label', says);
    }
  }

  /** Marks the tile that is looked at. */
  choose(tile: number | null): void {
    this.chosen = tile;
    for (const [i, button] of this.buttons.entries()) button.setAttribute('aria-pressed', `${i === tile}`);
  }

  private lay(n: number): void {
    this.buttons = Array.from({ length: n }, (_, i) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.addEventListener('click', () => this.pick(i));
      return button;
    });
    this.host.replaceChildren(this.canvas, ...this.buttons);
    this.rove(this.buttons);
    this.choose(this.chosen !== null && this.chosen < n ? this.chosen : null);
  }
}
