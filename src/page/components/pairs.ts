import { drawTiles, type TileShape } from './tile.ts';

/** Examples above what a model makes of them, on one canvas. */
export class Pairs {
  private readonly canvas: HTMLCanvasElement;

  constructor(canvas: HTMLCanvasElement) {
    this.canvas = canvas;
  }

  draw(x: Uint8Array, reconstructions: Uint8Array, shape: TileShape): void {
    const length = shape.height * shape.width;
    const n = x.length / length;
    const upright = shape.width > 3 * shape.height; // rows of tables lie under one another, each over its own
    const shades = new Uint8Array((upright ? 3 : 2) * x.length);
    for (let i = 0; i < n; i++) {
      const [above, below] = upright ? [3 * i, 3 * i + 1] : [i, n + i];
      shades.set(x.subarray(i * length, (i + 1) * length), above * length);
      shades.set(reconstructions.subarray(i * length, (i + 1) * length), below * length);
    }
    const sheet = upright ? { columns: 1, gap: 0, opacity: isSpace } : { columns: n, gap: 1 };
    drawTiles(this.canvas, shades, shape, sheet);
    this.canvas.classList.toggle('rows', upright);
  }
}

/** After each pair of rows, an empty one. */
const isSpace = (tile: number) => (tile % 3 === 2 ? 0 : 1);
