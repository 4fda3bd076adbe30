import { type AnyNumbers, type Matrix, matrix, type Numbers, rowRange, toFlat, type View } from '../../array/matrix.ts';
import { shadeFeature } from '../../figures/feature-tiles.ts';
import type { Autoencoder } from '../../model/autoencoder.ts';
import { firstRows } from '../../model/engine.ts';
import { Loader } from '../../model/load.ts';
import { featuresSeen } from '../../report/features-seen.ts';
import { shadeRows } from '../../report/shade-rows.ts';
import type { DataSet } from './data-sets.ts';

/** What is seen of a model at a moment. */
export interface Snapshot {
  /** What tiles show: the weights of a unit, or what it adds to a reconstruction. */
  readonly tilesAre: 'weights' | 'additions';
  /** (h, d) shades of the units' weights: 0 the least, 127 none, 255 the most, unit by unit. */
  readonly tiles: Uint8Array;
  /** Numbers of a tile. */
  readonly width: number;
  /** Of each unit: its mean activation ρ̂, or, of units that are exactly 0 where they are off, how often it is on. */
  readonly rates: Float32Array;
  readonly rateIs: 'mean' | 'frequency';
  /** Examples, (n, d), and under them what the model makes of them, in the same shades; of the Swiss roll the points themselves. */
  readonly x: Uint8Array | Float32Array;
  readonly reconstructions: Uint8Array | Float32Array;
  readonly units: number;
}

/** Examples that rates are measured on, that are shown as pictures, as points. */
const MEASURED = 500;
const SHOWN = 8;
const POINTS = 600;

/** Looks at a model between two of its epochs. */
export async function snapshotOf(model: Autoencoder, { x, steps, look, still }: DataSet): Promise<Snapshot> {
  const { hidden, unitNorm } = model.config;
  const features = await featuresSeen(
    model,
    steps,
    Array.from({ length: hidden[hidden.length - 1] }, (_, j) => j),
  );
  for (const j of still) for (let i = 0; i < features.shape[0]; i++) features.set(i, j, 0);
  const [units, width] = features.shape;
  const rates = await ratesOf(model, rows(x, MEASURED));
  const shown = rows(x, look.kind === 'roll' ? POINTS : SHOWN);
  const seen = await seenBy(model, shown);
  const xHat = await model.reconstruct(seen);
  const pictures =
    look.kind === 'roll'
      ? { x: Float32Array.from(toFlat(shown)), reconstructions: Float32Array.from(toFlat(xHat)) }
      : shadePairs(shown, seen, xHat);
  const tilesAre = hidden.length > 1 || unitNorm ? 'additions' : 'weights';
  return { tilesAre, tiles: shadesOf(features), width, units, ...rates, ...pictures };
}

/** x̃, what the model sees of examples in training: of the first epoch, so that the same pixels stay masked. */
async function seenBy(model: Autoencoder, x: View<AnyNumbers>): Promise<View<AnyNumbers>> {
  if (model.config.corruption === null) return x;
  const { engine } = model;
  const network = engine.createNetwork();
  const pass = new Loader(network).load(x, firstRows(x.shape[0]), 0);
  const values = await engine.kernels.copyOut(pass.x);
  network.dispose();
  return matrix(values, x.shape[0], x.shape[1]);
}

function rows(x: View<AnyNumbers>, most: number): View<AnyNumbers> {
  return Object.assign(rowRange(x, 0, Math.min(most, x.shape[0])), x.unit === undefined ? {} : { unit: x.unit });
}

function shadesOf(filters: Matrix): Uint8Array {
  const [h, d] = filters.shape;
  const shades = new Uint8Array(h * d);
  const flat = Float64Array.from(toFlat(filters));
  for (let i = 0; i < h; i++) shadeFeature(flat.subarray(i * d, (i + 1) * d), shades.subarray(i * d, (i + 1) * d));
  return shades;
}

/** Of the code's units: the mean of a sigmoid or tanh, as a rate from 0 to 1; how often another is not 0. */
async function ratesOf(model: Autoencoder, x: View<AnyNumbers>): Promise<Pick<Snapshot, 'rates' | 'rateIs'>> {
  const codes = await model.encode(x);
  const [m, h] = codes.shape;
  const { layers, code } = model.engine.spec;
  const { rate } = layers[code].f;
  const rates = new Float32Array(h);
  for (let k = 0; k < m; k++) {
    for (let j = 0; j < h; j++) {
      const a = codes.get(k, j);
      rates[j] += (rate ? rate.scale * a + rate.shift : a === 0 ? 0 : 1) / m;
    }
  }
  return { rates, rateIs: rate ? 'mean' : 'frequency' };
}

/** What the model sees of each example, and its reconstruction, on one scale: that of the example, from its least number to its largest. */
function shadePairs(x: View<AnyNumbers>, ...sides: [View<AnyNumbers>, View<Numbers>]) {
  const d = x.shape[1];
  const scale = Float64Array.from(toFlat(x));
  const [seen, reconstructions] = sides.map((side) => shadeRows(Float64Array.from(toFlat(side)), d, scale));
  return { x: seen, reconstructions };
}
