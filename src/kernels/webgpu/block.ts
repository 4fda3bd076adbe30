import type { Block } from '../../array/matrix.ts';

/** How the numbers of a block lie in its buffer: f32; pairs of f32 whose sum is the number; u32. */
export type Kind = 'numbers' | 'doubles' | 'indices';

/** Bytes of a number. */
export const WIDTH: Readonly<Record<Kind, number>> = { numbers: 4, doubles: 8, indices: 4 };

/** Who hears what went wrong with a block: the kernels that allocated it. */
export interface Owner {
  failure: Error | null;
}

/** Storage on a device. The buffer is made when it is first used, and made anew, zeroed, where the device has changed. */
export class GpuBlock implements Block {
  readonly length: number;
  readonly kind: Kind;
  readonly byteLength: number;
  /** Null before its first use, and once it was given back. */
  buffer: GPUBuffer | null = null;
  /** Number of the device that the buffer belongs to. */
  generation = 0;
  /** How often a kernel has written to it. */
  version = 0;
  released = false;
  /** Whether it holds slots of results. */
  readonly results: boolean;
  readonly owner: Owner;

  constructor(length: number, kind: Kind, owner: Owner = { failure: null }, results = false) {
    this.owner = owner;
    this.length = length;
    this.kind = kind;
    this.results = results;
    this.byteLength = Math.max(16, length * WIDTH[kind]);
  }
}

/** A number as the sum of two float32, to 48 bits. */
export function toPair(value: number): readonly [number, number] {
  const high = Math.fround(value);
  return Number.isFinite(high) ? [high, Math.fround(value - high)] : [high, 0];
}

/** Numbers as they lie in a buffer of the kind. */
export function encode(values: ArrayLike<number>, kind: Kind): Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer> {
  if (kind === 'numbers') return Float32Array.from(values);
  if (kind === 'indices') return Uint32Array.from(values);
  const pairs = new Float32Array(2 * values.length);
  for (let i = 0; i < values.length; i++) [pairs[2 * i], pairs[2 * i + 1]] = toPair(values[i]);
  return pairs;
}

/** What `encode` made, as numbers, written to `out`. */
export function decode(
  bytes: ArrayBuffer,
  kind: Kind,
  out: { [index: number]: number; readonly length: number },
): void {
  if (kind === 'indices') {
    const words = new Uint32Array(bytes);
    for (let i = 0; i < out.length; i++) out[i] = words[i];
    return;
  }
  const floats = new Float32Array(bytes);
  if (kind === 'doubles') for (let i = 0; i < out.length; i++) out[i] = floats[2 * i] + floats[2 * i + 1];
  else if (out instanceof Float32Array || out instanceof Float64Array) out.set(floats.subarray(0, out.length));
  else for (let i = 0; i < out.length; i++) out[i] = floats[i];
}
