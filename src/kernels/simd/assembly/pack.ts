// Operands of a product are copied into panels, so that tiles read both of them in order whatever the strides were.

/** The number at lane i of depth l. */
// @ts-ignore: decorator
@inline
function at(x: usize, i: i32, laneStep: i32, l: i32, depthStep: i32): f32 {
  return load<f32>(x + (((<usize>i) * (<usize>laneStep) + (<usize>l) * (<usize>depthStep)) << 2));
}

/** Turns a block of four lanes by four depths, depth running along the rows of x, into four rows of lanes. */
// @ts-ignore: decorator
@inline
function transpose4(out: usize, outRow: usize, x: usize, xRow: usize): void {
  const r0 = v128.load(x);
  const r1 = v128.load(x + xRow);
  const r2 = v128.load(x + 2 * xRow);
  const r3 = v128.load(x + 3 * xRow);
  const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(out, v128.shuffle<f64>(low01, low23, 0, 2));
  v128.store(out + outRow, v128.shuffle<f64>(low01, low23, 1, 3));
  v128.store(out + 2 * outRow, v128.shuffle<f64>(high01, high23, 0, 2));
  v128.store(out + 3 * outRow, v128.shuffle<f64>(high01, high23, 1, 3));
}

/**
 * Panels begin … end−1 of x, block after block of the depth, `height` each but for the last: panel p of a block holds lanes
 * p·width … of its depths, out[p][l][i] = x[(p·width + i)·laneStep + l·depthStep], 0 beyond the last lane. Strides count
 * numbers and may be of either sign.
 */
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
  const whole = width & ~3;
  const count = (lanes + width - 1) / width;
  for (let u = begin; u < end; u++) {
    const first = (u % count) * width;
    const above = (u / count) * height;
    const depth = min(height, all - above);
    const panel = out + (((<usize>above) * (<usize>(count * width)) + (<usize>first) * (<usize>depth)) << 2);
    const source = x + (((<usize>first) * (<usize>laneStep) + (<usize>above) * (<usize>depthStep)) << 2);
    if (first + width > lanes) {
      packEdge(panel, source, laneStep, depthStep, width, lanes - first, depth);
    } else if (laneStep == 1) {
      let q = panel;
      let s = source;
      for (let l = 0; l < depth; l++) {
        for (let i = 0; i < whole; i += 4) v128.store(q + (i << 2), v128.load(s + (i << 2)));
        for (let i = whole; i < width; i++) store<f32>(q + (i << 2), load<f32>(s + (i << 2)));
        q += width << 2;
        s += (<usize>depthStep) << 2;
      }
    } else if (depthStep == 1) {
      const deep = depth & ~3;
      const row = (<usize>laneStep) << 2;
      for (let l = 0; l < deep; l += 4) {
        for (let i = 0; i < whole; i += 4) {
          transpose4(panel + ((l * width + i) << 2), width << 2, source + (<usize>i) * row + (l << 2), row);
        }
        for (let i = whole; i < width; i++) {
          for (let t = l; t < l + 4; t++) store<f32>(panel + ((t * width + i) << 2), at(source, i, laneStep, t, 1));
        }
      }
      for (let l = deep; l < depth; l++) {
        for (let i = 0; i < width; i++) store<f32>(panel + ((l * width + i) << 2), at(source, i, laneStep, l, 1));
      }
    } else {
      packEdge(panel, source, laneStep, depthStep, width, width, depth);
    }
  }
}

/** Panels of a for the tiles of five rows. */
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

/** Panels of a for the 6×8 tile. */
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

/** Panels of b for the tiles of eight columns. */
export function pack8(
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
  packPanels(8, out, x, laneStep, depthStep, lanes, depth, height, begin, end);
}

/** Panels of b for the 5×16 tile. */
export function pack16(
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
  packPanels(16, out, x, laneStep, depthStep, lanes, depth, height, begin, end);
}

/** One panel of any strides, `lanes` of it from x and 0 in the rest. */
function packEdge(panel: usize, x: usize, laneStep: i32, depthStep: i32, width: i32, lanes: i32, depth: i32): void {
  for (let l = 0; l < depth; l++) {
    for (let i = 0; i < width; i++) {
      store<f32>(panel + ((l * width + i) << 2), i < lanes ? at(x, i, laneStep, l, depthStep) : 0);
    }
  }
}
