import { type AnyNumbers, type Matrix, matrix, type Numbers, rowRange, toFlat, type View } from '../array/matrix.ts';
import { corrupt } from '../corruption/corrupt.ts';
import type { ImageShape } from '../data/examples.ts';
import type { Preprocessing } from '../data/preprocessing/preprocessing.ts';
import { featureScales, featureShades } from '../figures/feature-shades.ts';
import { shownUnits } from '../figures/shown-units.ts';
import { densityOf } from '../measures/density.ts';
import type { Autoencoder } from '../model/autoencoder.ts';
import { sparsitiesOf } from '../model/config.ts';
import { base64 } from './base64.ts';
import { addsUp, featuresSeen } from './features-seen.ts';
import type { Used } from './looks.ts';
import type { RunSnapshot, SnapshotTile } from './run-snapshot.ts';
import { shadeRows } from './shade-rows.ts';

/** Features that a snapshot shows: no more, and no more numbers. */
const MOST_UNITS = 144;
const MOST_NUMBERS = 2 ** 17;
const PAIRS = 6;
const BINS = 20;

/** What a snapshot is made of, beside the model. */
export interface Watched {
  readonly steps: readonly Preprocessing[];
  readonly image?: ImageShape | undefined;
  /** Names of the inputs. */
  readonly columns?: readonly string[] | undefined;
  /** Some of the training examples (n, d). */
  readonly x: View<AnyNumbers>;
  /** Whether outputs are compared with the examples themselves. */
  readonly reconstructs: boolean;
}

/** What a model is after a step of its training. */
export async function snapshotOf(
  model: Autoencoder,
  use: Used,
  { steps, image, columns, x, reconstructs }: Watched,
  { epoch, step }: { readonly epoch: number; readonly step: number },
): Promise<RunSnapshot> {
  const { hidden, inputs, targets } = model.config;
  const code = hidden.length - 1;
  const uses = use.use();
  const dead = new Set(use.dead());
  const width = hidden.length > 1 || model.config.unitNorm ? targets : inputs;
  const most = Math.max(1, Math.min(MOST_UNITS, Math.floor(MOST_NUMBERS / width)));
  const { units } = shownUnits(uses.length, { use: uses, dead }, most);
  const features = await featuresSeen(model, steps, units);
  const [n, d] = features.shape;
  const deadRows = Array.from({ length: n }, (_, i) => i).filter((i) => dead.has(units[i]));
  const shades = featureShades(features, deadRows);
  const scales = featureScales(features, deadRows);
  const tile = tileOf(d, image);
  const named = columns?.length === d && !tile.isImage ? { columns } : {};
  const target = sparsitiesOf(model.config).find(({ kind, layer }) => kind === 'kl' && layer === code);
  return {
    epoch,
    step,
    units: uses.length,
    useIs: use.useIs,
    target: target?.kind === 'kl' ? target.target : null,
    looked: use.examples,
    shown: units.map((unit, i) => ({
      ...{ unit, use: rounded(uses[unit]), dead: dead.has(unit) },
      scale: rounded(scales[i]),
    })),
    tile,
    tilesAre: addsUp(model) ? 'additions' : 'weights',
    ...named,
    tiles: base64(shades),
    uses: use.useIs === 'frequency' ? densityOf(uses) : meansOf(uses, dead),
    pairs: reconstructs && (!tile.isImage || isPixels(steps)) ? await pairsOf(model, x) : null,
  };
}

function rounded(value: number): number {
  return Number(value.toPrecision(5));
}

/** How a row of d numbers is drawn: as an image where it is one of a kind that can be shown. */
export function tileOf(d: number, image: ImageShape | undefined): SnapshotTile {
  if (image !== undefined && image.height * image.width * image.channels === d) {
    const { height, width, channels } = image;
    if (channels === 1 || channels === 3) return { height, width, channels, isImage: true };
  }
  return { height: 1, width: d, channels: 1, isImage: false };
}

/** Whether preprocessed images are pixels still. */
export function isPixels(steps: readonly Preprocessing[]): boolean {
  return steps.every(({ kind }) => kind === 'cs294a');
}

/** The histogram of mean activations, over all that are not dead. */
function meansOf(uses: Float64Array, dead: ReadonlySet<number>): RunSnapshot['uses'] {
  const living = uses.filter((_, j) => !dead.has(j));
  const most = living.reduce((a, b) => Math.max(a, b), 1e-6); // there may be more units than a call takes arguments
  const step = 10 ** Math.floor(Math.log10(most));
  const end = Math.ceil(most / step) * step;
  const counts = new Array<number>(BINS).fill(0);
  for (const mean of living) counts[Math.max(0, Math.min(BINS - 1, Math.floor((mean / end) * BINS)))]++;
  return { edges: Array.from({ length: BINS + 1 }, (_, i) => (i / BINS) * end), counts, dead: dead.size };
}

/** The first examples and what the model makes of them, as the first epoch corrupts them; of each example on its own scale. */
async function pairsOf(model: Autoencoder, x: View<AnyNumbers>): Promise<RunSnapshot['pairs']> {
  const { inputs: d, corruption, seed, precision } = model.config;
  const n = Math.min(PAIRS, x.shape[0]);
  const clean = toFlat(Object.assign(rowRange(x, 0, n), { unit: x.unit }), new Float64Array(n * d));
  const flat: Numbers = precision === 'float64' ? clean : Float32Array.from(clean);
  let seen: Matrix = matrix(flat, n, d);
  if (corruption !== null) {
    const out = flat.slice();
    const rows = Uint32Array.from({ length: n }, (_, i) => i);
    corrupt(corruption, out, null, flat, rows, d, { seed, epoch: 0 });
    seen = matrix(out, n, d);
  }
  const made = await model.reconstruct(seen);
  const shades = (view: View<AnyNumbers>) => base64(shadeRows(toFlat(view, new Float64Array(n * d)), d, clean));
  return {
    n,
    x: base64(shadeRows(clean, d)),
    ...(corruption === null ? {} : { corrupted: shades(seen) }),
    reconstructions: shades(made),
  };
}
