import { assertObject } from '../array/argument-check.ts';
import type { AnyNumbers, View } from '../array/matrix.ts';
import { numberAt } from '../array/numbers.ts';
import { assertView } from '../array/view-check.ts';
import { InputError } from '../errors.ts';

/** Where a point in space is seen; `depth` grows towards the eye. */
export interface Seen {
  /** To the right. */
  readonly x: number;
  /** Up. */
  readonly y: number;
  /** Towards the eye: draw points in its order. */
  readonly depth: number;
}

/** From where points in space are seen. */
export interface Eye {
  /** Degrees by which space is turned about its second, upright axis. */
  readonly azimuth: number;
  /** Degrees by which the eye looks down: 0 from the side, 90 from above. */
  readonly elevation: number;
}

/**
 * Rows (u, v, w) of points (m, 3) as an eye far away sees them, v upright: with r = u cos α − w sin α to the right and
 * q = u sin α + w cos α towards the eye, x = r, y = v cos ε − q sin ε, depth = v sin ε + q cos ε. An orthonormal turn of
 * space, so distances within the picture's plane are kept. Throws an InputError unless there are three columns, all
 * finite.
 */
export function project(points: View<AnyNumbers>, eye: Eye): Seen[] {
  assertView(points, 'points', 3);
  assertObject(eye, 'eye', '{ azimuth: 30, elevation: 20 }');
  const { azimuth, elevation } = eye;
  const { data, shape, stride, offset, unit = 1 } = points;
  if (shape.length !== 2 || shape[1] !== 3) {
    throw new InputError(`points have the shape (${shape.join(', ')}): give three columns, a point a row`);
  }
  const [cosA, sinA] = cosAndSin(azimuth);
  const [cosE, sinE] = cosAndSin(elevation);
  return Array.from({ length: shape[0] }, (_, i) => {
    const [u, v, w] = [0, 1, 2].map((j) => numberAt(data, offset + i * stride[0] + j * stride[1]) / unit);
    if (![u, v, w].every(Number.isFinite)) throw new InputError(`point ${i} is (${u}, ${v}, ${w}): it must be finite`);
    const r = u * cosA - w * sinA;
    const q = u * sinA + w * cosA;
    return { x: r, y: v * cosE - q * sinE, depth: v * sinE + q * cosE };
  });
}

function cosAndSin(degrees: number): [number, number] {
  const angle = (degrees * Math.PI) / 180;
  return [Math.cos(angle), Math.sin(angle)];
}
