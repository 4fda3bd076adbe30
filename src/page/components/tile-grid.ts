import { columnsFor, drawTiles, type TileShape } from './tile.ts';

const FAINT = 0.3;
/** Tiles that are longer are drawn thicker than their numbers are long, or nobody would see them. */
const LONGEST = 40;

/** Tiles that can be chosen: on one canvas, a button over each; the arrow keys lead from one to the next. */
export class TileGrid {
  private readonly host: HTMLElement;
  private readonly pick: (tile: number) => void;
  private readonly canvas = document.createElement('canvas');
  private buttons: HTMLButtonElement[] = [];
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
    if (n !== this.buttons.length) this.lay(n);
    this.columns = columnsFor(n, shape);
    this.host.style.setProperty('--columns', `${this.columns}`);
    this.host.style.setProperty('--widest', `${this.columns * Math.max(64, 22 * shape.width)}px`);
    this.host.style.setProperty('--aspect', `${Math.min(LONGEST, shape.width / shape.height)}`);
    const { columns } = this;
    drawTiles(this.canvas, shades, shape, { columns, gap: 0, opacity: (tile) => (faint(tile) ? FAINT : 1) });
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
      button.tabIndex = i === 0 ? 0 : -1;
      button.addEventListener('click', () => {
        this.reach(i);
        this.pick(i);
      });
      return button;
    });
    this.host.replaceChildren(this.canvas, ...this.buttons);
    this.choose(this.chosen !== null && this.chosen < n ? this.chosen : null);
  }

  /** One tile alone is reached by the tab key: the last one. */
  private reach(tile: number): void {
    for (const [i, button] of this.buttons.entries()) button.tabIndex = i === tile ? 0 : -1;
  }

  private move(event: KeyboardEvent): void {
    const steps: Readonly<Record<string, number>> = {
      ...{ ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.columns, ArrowDown: this.columns },
      ...{ Home: Number.NEGATIVE_INFINITY, End: Number.POSITIVE_INFINITY },
    };
    const step = steps[event.key];
    const from = this.buttons.indexOf(document.activeElement as HTMLButtonElement);
    if (step === undefined || from < 0) return;
    event.preventDefault();
    const last = this.buttons.length - 1;
    const to = Number.isFinite(step) ? from + step : step < 0 ? 0 : last;
    if (to < 0 || to > last) return;
    this.reach(to);
    this.buttons[to].focus();
  }
}
