import { drawTiles, lengthOf, type TileShape } from './tile.ts';

/** Examples above what a model makes of them, on one canvas. */
export class Pairs {
  private readonly canvas: HTMLCanvasElement;

  constructor(canvas: HTMLCanvasElement) {
    this.canvas = canvas;
  }

  /** Shades of the same examples from each side: as they are, as the model gives them back, and what may lie between. */
  draw(sides: readonly Uint8Array[], shape: TileShape): void {
    const length = lengthOf(shape);
    const n = sides[0].length / length;
    const upright = shape.width > 3 * shape.height; // rows of tables lie under one another, each over its own
    const stride = sides.length + 1;
    const shades = new Uint8Array((upright ? stride : sides.length) * sides[0].length);
    for (let i = 0; i < n; i++) {
      for (const [side, own] of sides.entries()) {
        const tile = upright ? stride * i + side : n * side + i;
        shades.set(own.subarray(i * length, (i + 1) * length), tile * length);
      }
    }
    // After each group of rows, an empty one.
    const opacity = (tile: number) => (tile % stride === sides.length ? 0 : 1);
    drawTiles(this.canvas, shades, shape, upright ? { columns: 1, gap: 0, opacity } : { columns: n, gap: 1 });
    this.canvas.classList.toggle('rows', upright);
  }
}
