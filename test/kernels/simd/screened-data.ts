import { uniforms } from '../../support/views.ts';

/** Normal numbers, by Box and Muller. */
function normals(length: number, seed: number): Float64Array {
  const [radius, angle] = [uniforms(length, seed, 0, 1), uniforms(length, seed + 50, 0, 2 * Math.PI)];
  return radius.map((u, p) => Math.sqrt(-2 * Math.log(1 - u)) * Math.cos(angle[p]));
}

/** Rows of x, of W, and b, flat. */
export interface ScreenedData {
  readonly x: Float32Array;
  readonly w: Float32Array;
  readonly b: Float32Array;
}

export interface ScreenedSize {
  readonly m: number;
  readonly d: number;
  readonly h: number;
}

type Spoil = (data: ScreenedData, size: ScreenedSize) => void;

const each = (rows: number, first: number, step: number, use: (i: number) => void) => {
  for (let i = first; i < rows; i += step) use(i);
};

/** What may go wrong with bounds, by name. */
export const spoils: Readonly<Record<string, Spoil>> = {
  'normal numbers': () => {},
  'an outlier in some coordinates': ({ x, w }, { m, d, h }) => {
    each(m, 0, 4, (i) => {
      x[i * d + (5 % d)] *= 1000;
    });
    each(h, 13, 37, (j) => {
      w[j * d + (9 % d)] *= 1000;
    });
  },
  'three coordinates far from 0 that units hardly read': ({ x, w }, { m, d, h }) => {
    for (const l of [1 % d, 7 % d, (d - 1) % d]) {
      each(m, 0, 1, (i) => {
        x[i * d + l] = 60 + 0.1 * x[i * d + l];
      });
      each(h, 0, 1, (j) => {
        w[j * d + l] *= 0.02;
      });
    }
  },
  'rows and units that are 0 or twice there, no biases': ({ x, w, b }, { m, d, h }) => {
    b.fill(0);
    each(m, 1, 16, (i) => x.fill(0, i * d, (i + 1) * d));
    each(m, 2, 16, (i) => x.copyWithin(i * d, 0, d));
    each(h - 1, 0, 3, (j) => w.copyWithin((j + 1) * d, j * d, (j + 1) * d));
    each(h, 7, 29, (j) => w.fill(0, j * d, (j + 1) * d));
  },
  'rows that are 0, and biases': ({ x, b }, { m, d }) => {
    each(m, 1, 3, (i) => x.fill(0, i * d, (i + 1) * d));
    b.forEach((_, j) => {
      b[j] = ((j * 37) % 101) / 50 - 1;
    });
  },
  'huge and tiny rows and units': ({ x, w }, { m, d, h }) => {
    for (let p = 0; p < m * d; p++) x[p] *= [1, 1e9, 1e-9, 1e-20][Math.floor(p / d) % 4];
    for (let p = 0; p < h * d; p++) w[p] *= [1, 1e4, 1e-12][Math.floor(p / d) % 3];
  },
  'denormal numbers': ({ x, w, b }, { m, d, h }) => {
    for (let p = 0; p < m * d; p++) x[p] *= Math.floor(p / d) % 2 === 0 ? 1e-41 : 1e-22;
    for (let p = 0; p < h * d; p++) w[p] *= Math.floor(p / d) % 2 === 0 ? 1 : 1e-20;
    b.forEach((value, j) => {
      b[j] = value * 1e-43;
    });
  },
  'units that differ in their last bits': ({ w, b }, { d, h }) => {
    for (let j = 1; j < h; j++) for (let l = 0; l < d; l++) w[j * d + l] = w[l] * (1 + ((j * 7 + l) % 5) * 2 ** -23);
    b.fill(0.5);
  },
  'units that are nearly alike': ({ w, b }, { d, h }) => {
    for (let j = 1; j < h; j++) for (let l = 0; l < d; l++) w[j * d + l] = w[l] + 1e-2 * w[j * d + l];
    b.fill(0.5);
  },
  'all biases far apart': ({ b }) => {
    b.forEach((_, j) => {
      b[j] = ((j * 37) % 101) - 50;
    });
  },
  'all biases huge and equal': ({ b }) => void b.fill(1e6),
  'rows that are not finite': ({ x }, { m, d }) => {
    for (const [r, value] of [Number.NaN, Infinity, -Infinity, 3e38].entries()) if (m > 9) x[(2 * r + 1) * d] = value;
  },
  'a unit that is not finite': ({ w }, { d, h }) => {
    w[Math.min(h - 1, 3) * d] = Number.NaN;
  },
  'a bias that is not finite': ({ b }) => {
    b[b.length >> 1] = Infinity;
  },
  'few z above 0': ({ b }) => void b.fill(-4),
};

export function screenedData({ m, d, h }: ScreenedSize, spoil: Spoil, seed = 1): ScreenedData {
  const x = Float32Array.from(normals(m * d, seed));
  const w = Float32Array.from(normals(h * d, seed + 1), (value) => value / Math.sqrt(d));
  const b = Float32Array.from(normals(h, seed + 2), (value) => 0.01 * value);
  const data = { x, w, b };
  spoil(data, { m, d, h });
  return data;
}
