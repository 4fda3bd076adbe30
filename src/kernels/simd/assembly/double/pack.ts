// Operands of a product in panels: as ../pack.ts has them.
import { at } from './lanes';

/** Panels begin … end−1 of x, block after block of the depth, of `height` but for the last: see ../pack.ts. */
// @ts-ignore: decorator
@inline
function packPanels(
  width: i32,
  out: usize,
  x: usize,
  laneStep: i32,
  depthStep: i32,
  lanes: i32,
  all: i32,
  height: i32,
  begin: i32,
  end: i32,
): void {
  const count = (lanes + width - 1) / width;
  for (let u = begin; u < end; u++) {
    const first = (u % count) * width;
    const above = (u / count) * height;
    const depth = min(height, all - above);
    const there = min(width, lanes - first);
    const source = at(at(x, first, laneStep), above, depthStep);
    const panel = at(at(out, above, count * width), first, depth);
    if (laneStep == 1 && there == width) {
      let r = panel;
      let q = source;
      for (let l = 0; l < depth; l++) {
        v128.store(r, v128.load(q));
        v128.store(r, v128.load(q, 16), 16);
        if (width == 5) store<f64>(r, load<f64>(q, 32), 32);
        if (width == 6) v128.store(r, v128.load(q, 32), 32);
        q = at(q, 1, depthStep);
        r += width << 3;
      }
      continue;
    }
    for (let i = 0; i < width; i++) {
      let q = at(source, i, laneStep);
      let r = panel + (i << 3);
      for (let l = 0; l < depth; l++) {
        store<f64>(r, i < there ? load<f64>(q) : 0);
        q = at(q, 1, depthStep);
        r += width << 3;
      }
    }
  }
}

/** Panels of b. */
export function pack4(
  out: usize,
  x: usize,
  laneStep: i32,
  depthStep: i32,
  lanes: i32,
  depth: i32,
  height: i32,
  begin: i32,
  end: i32,
): void {
  packPanels(4, out, x, laneStep, depthStep, lanes, depth, height, begin, end);
}

/** Panels of a for the plain tile. */
export function pack5(
  out: usize,
  x: usize,
  laneStep: i32,
  depthStep: i32,
  lanes: i32,
  depth: i32,
  height: i32,
  begin: i32,
  end: i32,
): void {
  packPanels(5, out, x, laneStep, depthStep, lanes, depth, height, begin, end);
}

/** Panels of a for the relaxed tile. */
export function pack6(
  out: usize,
  x: usize,
  laneStep: i32,
  depthStep: i32,
  lanes: i32,
  depth: i32,
  height: i32,
  begin: i32,
  end: i32,
): void {
  packPanels(6, out, x, laneStep, depthStep, lanes, depth, height, begin, end);
}
