import { columnsFor, drawTile, type TileShape } from './tile.ts';

/** Tiles that can be chosen: a button each; the arrow keys lead from one to the next. */
export class TileGrid {
  private readonly host: HTMLElement;
  private readonly pick: (tile: number) => void;
  private tiles: { button: HTMLButtonElement; canvas: HTMLCanvasElement }[] = [];
  private columns = 1;
  private chosen: number | null = null;

  constructor(host: HTMLElement, pick: (tile: number) => void) {
    this.host = host;
    this.pick = pick;
    host.addEventListener('keydown', (event) => this.move(event));
  }

  /** Draws n tiles, whose shades lie one after the other. `name` says each in words, `faint` whether it does nothing. */
  draw(
    shades: Uint8Array,
    n: number,
    shape: TileShape,
    name: (tile: number) => string,
    faint: (tile: number) => boolean,
  ) {
    if (n !== this.tiles.length) this.lay(n);
    this.columns = columnsFor(n, shape);
    this.host.style.setProperty('--columns', `${this.columns}`);
    this.host.style.setProperty('--widest', `${this.columns * Math.max(64, 22 * shape.width)}px`);
    this.host.style.setProperty('--aspect', `${shape.width} / ${shape.height}`);
    const length = shape.height * shape.width;
    for (const [i, { button, canvas }] of this.tiles.entries()) {
      drawTile(canvas, shades.subarray(i * length, (i + 1) * length), shape);
      const says = name(i);
      if (button.title !== says) {
        button.title = says;
        button.setAttribute('aria-label', says);
      }
      button.classList.toggle('faint', faint(i));
    }
  }

  /** Marks the tile that is looked at. */
  choose(tile: number | null): void {
    this.chosen = tile;
    for (const [i, { button }] of this.tiles.entries()) button.setAttribute('aria-pressed', `${i === tile}`);
  }

  private lay(n: number): void {
    this.tiles = Array.from({ length: n }, (_, i) => {
      const button = document.createElement('button');
      const canvas = document.createElement('canvas');
      button.type = 'button';
      button.tabIndex = i === 0 ? 0 : -1;
      button.append(canvas);
      button.addEventListener('click', () => {
        this.reach(i);
        this.pick(i);
      });
      return { button, canvas };
    });
    this.host.replaceChildren(...this.tiles.map(({ button }) => button));
    this.choose(this.chosen !== null && this.chosen < n ? this.chosen : null);
  }

  /** One tile alone is reached by the tab key: the last one. */
  private reach(tile: number): void {
    for (const [i, { button }] of this.tiles.entries()) button.tabIndex = i === tile ? 0 : -1;
  }

  private move(event: KeyboardEvent): void {
    const steps: Readonly<Record<string, number>> = {
      ...{ ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.columns, ArrowDown: this.columns },
      ...{ Home: Number.NEGATIVE_INFINITY, End: Number.POSITIVE_INFINITY },
    };
    const step = steps[event.key];
    const from = this.tiles.findIndex(({ button }) => button === document.activeElement);
    if (step === undefined || from < 0) return;
    event.preventDefault();
    const last = this.tiles.length - 1;
    const to = Number.isFinite(step) ? from + step : step < 0 ? 0 : last;
    if (to < 0 || to > last) return;
    this.reach(to);
    this.tiles[to].button.focus();
  }
}
