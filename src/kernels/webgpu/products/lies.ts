import { transposed, type View } from '../../../array/matrix.ts';
import { extent, steps } from '../pieces.ts';
import type { Lie, TileKind } from './tile.ts';

/** A product, its operands as they come: out = α·a·b + β·start. */
export interface Product {
  readonly out: View;
  readonly a: View;
  readonly b: View;
  readonly alpha: number;
  readonly beta: number;
  /** Null where β = 0. */
  readonly start: View | null;
}

/** The same product with an out whose elements lie nearer along its rows: outᵀ = bᵀ·aᵀ. */
export function alongRows(product: Product): Product {
  const { out, a, b, start } = product;
  const [down, across] = steps(out);
  if (Math.abs(across) <= Math.abs(down)) return product;
  return {
    ...product,
    out: transposed(out),
    a: transposed(b),
    b: transposed(a),
    start: start === null ? null : transposed(start),
  };
}

/** How the operands lie: what the text of a program depends on. */
export function liesOf({ out, a, b, start }: Product): Omit<TileKind, 'size' | 'stages'> {
  const [rows, depth] = extent(a);
  const columns = extent(b)[1];
  const [outRows, outColumns] = steps(out);
  const outWide = columns % 4 === 0 && isInFours(out, outColumns, outRows, rows);
  const lie = (view: View, outer: number, inner: number, lines: number): Lie => {
    const turned = Math.abs(inner) < Math.abs(outer);
    const inFours = turned ? isInFours(view, inner, outer, lines) : isInFours(view, outer, inner, depth);
    return { turned, wide: inFours && (outWide || view.data !== out.data) }; // what is written to is bound in one way
  };
  const [aRows, aDepth] = steps(a);
  const [bDepth, bColumns] = steps(b);
  const [startRows, startColumns] = start === null ? [0, 0] : steps(start);
  return {
    a: lie(a, aRows, aDepth, rows),
    b: lie(b, bColumns, bDepth, columns),
    out: outWide,
    from: start !== null && outWide && isInFours(start, startColumns, startRows, rows),
  };
}

/** Whether lines of a view, `next` from element to element, begin where vectors of four do. */
function isInFours(view: View, next: number, line: number, lines: number): boolean {
  return next === 1 && view.offset % 4 === 0 && (lines < 2 || line % 4 === 0);
}
