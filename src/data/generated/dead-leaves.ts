import { assertObject } from '../../array/argument-check.ts';
import { matrix } from '../../array/matrix.ts';
import { fillUniform, stream } from '../../array/random.ts';
import { InputError } from '../../errors.ts';
import type { Examples } from '../examples.ts';

/** How many generated images, and of what discs. */
export interface DeadLeavesOptions {
  /** How many, at least 1; with `size` at most 2²⁸ pixels in all. */
  readonly images: number;
  /** Height and width in pixels. */
  readonly size: number;
  /** Of the discs: the same seed gives the same images. */
  readonly seed: number;
  /** Smallest radius in pixels, at least 1. Default 2. */
  readonly rMin?: number | undefined;
  /** Largest radius in pixels, at most `size`. Default half of it. */
  readonly rMax?: number | undefined;
}

const SUBPIXELS = 2; // an edge pixel is the mean of 2 by 2 points, which is all the anti-aliasing that it needs
const DISCS_A_DRAW = 256;
const DRAWS_AN_IMAGE = 65536; // bounds the discs of an image; the counter of a draw is image · this + draw
const BACKGROUND = 0.5;
const LIMIT_PIXELS = 2 ** 28;

function checkOptions({ images, size, rMin = 0, rMax = 0 }: DeadLeavesOptions): void {
  if (!Number.isSafeInteger(images) || images < 1) {
    throw new InputError(`number of images is ${images}: it must be an integer of at least 1`);
  }
  if (!Number.isSafeInteger(size) || size < 8 || images * size * size > LIMIT_PIXELS) {
    throw new InputError(
      `image size is ${size}: it must be an integer from 8, with at most 2^28 pixels in all ${images} images`,
    );
  }
  if (!(rMin >= 1 && rMax >= rMin && rMax <= size)) {
    throw new InputError(
      `radii go from ${rMin} to ${rMax}: they must satisfy 1 <= rMin <= rMax <= ${size}, the image size`,
    );
  }
}

/**
 * Paints the points of a disc that no earlier disc covers; returns how many. Point (i, j) of the grid lies at
 * ((i + ½)/SUBPIXELS, (j + ½)/SUBPIXELS) pixels; NaN marks a point that is not covered yet.
 */
function paint(points: Float32Array, side: number, radius: number, y: number, x: number, grey: number): number {
  const cy = y * SUBPIXELS - 0.5;
  const cx = x * SUBPIXELS - 0.5;
  const r = radius * SUBPIXELS;
  const bottom = Math.min(side - 1, Math.floor(cy + r));
  let covered = 0;
  for (let i = Math.max(0, Math.ceil(cy - r)); i <= bottom; i++) {
    const half = Math.sqrt(Math.max(0, r * r - (i - cy) * (i - cy)));
    const right = Math.min(side - 1, Math.floor(cx + half));
    for (let p = i * side + Math.max(0, Math.ceil(cx - half)); p <= i * side + right; p++) {
      if (Number.isNaN(points[p])) {
        points[p] = grey;
        covered++;
      }
    }
  }
  return covered;
}

/** One image's grid of points, discs painted front to back until every point is covered. */
function paintImage(index: number, seed: number, size: number, rMin: number, rMax: number): Float32Array {
  const side = size * SUBPIXELS;
  const points = new Float32Array(side * side).fill(NaN);
  const u = new Float64Array(4 * DISCS_A_DRAW);
  const nearest = 1 / (rMin * rMin);
  const farthest = 1 / (rMax * rMax);
  let left = points.length;
  for (let draw = 0; draw < DRAWS_AN_IMAGE && left > 0; draw++) {
    fillUniform(u, { seed, stream: stream.deadLeaves, counter: index * DRAWS_AN_IMAGE + draw });
    for (let k = 0; k < u.length; k += 4) {
      const radius = 1 / Math.sqrt(nearest - u[k] * (nearest - farthest)); // inverse of the distribution of r⁻³
      const y = u[k + 1] * (size + 2 * rMax) - rMax;
      const x = u[k + 2] * (size + 2 * rMax) - rMax;
      left -= paint(points, side, radius, y, x, u[k + 3]);
    }
  }
  return points.map((grey) => (Number.isNaN(grey) ? BACKGROUND : grey));
}

/**
 * Images of occluding discs, whose edges and scales are those of natural scenes: (images, size·size), grey in [0, 1].
 * Radii have a density proportional to r⁻³ on [rMin, rMax] (2 pixels and half the size unless given), centres and grey
 * levels are uniform. Image i depends on (seed, i, size, radii) alone. Throws InputError on sizes that make no sense.
 * [Lee, Mumford & Huang, "Occlusion models for natural images", IJCV 41 (2001)]
 */
export function deadLeaves(options: DeadLeavesOptions): Examples {
  assertObject(options, 'options', '{ images: 10, size: 64, seed: 1 }');
  const { images, size, seed, rMin = 2, rMax = size / 2 } = options;
  checkOptions({ ...options, rMin, rMax });
  const x = new Float32Array(images * size * size);
  const side = size * SUBPIXELS;
  for (let n = 0, q = 0; n < images; n++) {
    const points = paintImage(n, seed, size, rMin, rMax);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        let sum = 0;
        for (let s = 0; s < SUBPIXELS * SUBPIXELS; s++) {
          sum += points[(i * SUBPIXELS + Math.floor(s / SUBPIXELS)) * side + j * SUBPIXELS + (s % SUBPIXELS)];
        }
        x[q++] = sum / (SUBPIXELS * SUBPIXELS);
      }
    }
  }
  return { x: matrix(x, images, size * size), unit: 1, image: { height: size, width: size, channels: 1 } };
}
