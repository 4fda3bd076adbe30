import { drawTile, type TileShape } from './tile.ts';

/** Examples above what a model makes of them. */
export class Pairs {
  private readonly host: HTMLElement;
  private canvases: HTMLCanvasElement[] = [];

  constructor(host: HTMLElement) {
    this.host = host;
  }

  draw(x: Uint8Array, reconstructions: Uint8Array, shape: TileShape): void {
    const length = shape.height * shape.width;
    const n = x.length / length;
    if (this.canvases.length !== 2 * n) {
      this.canvases = Array.from({ length: 2 * n }, () => document.createElement('canvas'));
      this.host.replaceChildren(...this.canvases);
    }
    const upright = shape.width > 3 * shape.height; // rows of tables lie under one another
    this.host.style.setProperty('--columns', `${upright ? 1 : n}`);
    for (let i = 0; i < n; i++) {
      const [above, below] = upright ? [2 * i, 2 * i + 1] : [i, n + i];
      drawTile(this.canvases[above], x.subarray(i * length, (i + 1) * length), shape);
      drawTile(this.canvases[below], reconstructions.subarray(i * length, (i + 1) * length), shape);
    }
    this.host.classList.toggle('rows', upright);
  }

  clear(): void {
    this.canvases = [];
    this.host.replaceChildren();
  }
}
