import { make } from './find.ts';
import { rove } from './rove.ts';
import { drawTiles, lengthOf, type TileShape } from './tile.ts';

/** What is said of a tile: under it, where there is room for the second as well, and in a sentence. */
export interface TileWords {
  readonly name: string;
  readonly also: string;
  readonly says: string;
}

/** Tiles that can be chosen, each with its number under it. */
export class LabelledTiles {
  private readonly host: HTMLElement;
  private readonly pick: (tile: number) => void;
  private readonly rove: (buttons: readonly HTMLButtonElement[]) => void;
  private tiles: readonly {
    button: HTMLButtonElement;
    canvas: HTMLCanvasElement;
    name: HTMLElement;
    also: HTMLElement;
  }[] = [];

  constructor(host: HTMLElement, pick: (tile: number) => void) {
    this.host = host;
    this.pick = pick;
    this.rove = rove(host, () => this.columns());
  }

  /** Draws n tiles, whose shades lie one after the other; those that are `flat` are grey. */
  draw(
    shades: Uint8Array,
    n: number,
    shape: TileShape,
    words: (tile: number) => TileWords,
    flat: (tile: number) => boolean,
  ): void {
    if (n !== this.tiles.length) this.lay(n);
    this.host.style.setProperty('--tile', `${n <= 30 ? 84 : n <= 64 ? 60 : 42}px`);
    this.host.style.setProperty('--aspect', `${shape.width / shape.height}`);
    this.host.classList.toggle('roomy', n <= 64);
    const length = lengthOf(shape);
    for (const [i, { button, canvas, name, also }] of this.tiles.entries()) {
      const isFlat = flat(i);
      drawTiles(canvas, shades.subarray(i * length, (i + 1) * length), shape, {
        columns: 1,
        gap: 0,
        flat: () => isFlat,
      });
      const own = words(i);
      if (button.title === own.says) continue;
      button.title = own.says;
      button.setAttribute('aria-label', own.says);
      name.textContent = own.name;
      also.textContent = own.also;
    }
  }

  /** Marks the tile that is looked at. */
  choose(tile: number | null): void {
    for (const [i, { button }] of this.tiles.entries()) button.setAttribute('aria-pressed', `${i === tile}`);
  }

  private lay(n: number): void {
    this.tiles = Array.from({ length: n }, (_, i) => {
      const canvas = document.createElement('canvas');
      const [name, also] = [make('b'), make('span')];
      const button = make('button', { type: 'button' }, canvas, make('span', { className: 'words' }, name, ' ', also));
      button.setAttribute('aria-pressed', 'false');
      button.addEventListener('click', () => this.pick(i));
      return { button, canvas, name, also };
    });
    const buttons = this.tiles.map(({ button }) => button);
    this.host.replaceChildren(...buttons);
    this.rove(buttons);
  }

  /** As many as lie beside the first. */
  private columns(): number {
    const tops = this.tiles.map(({ button }) => button.offsetTop);
    return Math.max(1, tops.filter((top) => top === tops[0]).length);
  }
}
