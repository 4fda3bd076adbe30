import { corrupt } from '../../../src/corruption/corrupt.ts';
import { deadLeaves } from '../../../src/data/generated/dead-leaves.ts';
import { figure } from './figure.ts';
import { dots, field, num, ORANGE, type Point, tiles } from './marks.ts';

const SIDE = 12;
const SEED = 5;
const SHADES = 12;

let clean: Float64Array | undefined;

/** A picture of dead leaves, 12 by 12. */
export function leaves(): Float64Array {
  clean ??= Float64Array.from(deadLeaves({ images: 1, size: SIDE, seed: SEED, rMin: 2, rMax: 6 }).x.data);
  return clean;
}

/** x̃ and where it was masked, of the presentation `epoch`. */
export function masked(fraction: number, epoch: number): { x: Float64Array; mask: Uint8Array } {
  const x = new Float64Array(SIDE * SIDE);
  const mask = new Uint8Array(SIDE * SIDE);
  const spec = { kind: 'masking', fraction, exact: true } as const;
  corrupt(spec, x, mask, leaves(), Uint32Array.of(0), SIDE * SIDE, { seed: SEED, epoch });
  return { x, mask };
}

/** Pixels as greys. */
function greys(x: Float64Array): string[][] {
  const level = (value: number) => Math.round((255 * Math.round(value * SHADES)) / SHADES);
  const grey = (value: number) => `#${level(value).toString(16).padStart(2, '0').repeat(3)}`;
  return Array.from({ length: SIDE }, (_, i) => Array.from(x.subarray(i * SIDE, (i + 1) * SIDE), grey));
}

/** The middles of the pixels that are masked. */
function places(mask: Uint8Array): Point[] {
  return Array.from(mask, (_, p) => p)
    .filter((p) => mask[p] === 1)
    .map((p): Point => [(p % SIDE) + 0.5, SIDE - Math.floor(p / SIDE) - 0.5]);
}

export const denoising = figure({
  title: 'Seen is x̃, asked for is x',
  alt: 'A picture of twelve by twelve grey pixels twice: on the left as the encoder sees it, a share ν of the pixels set to 0, black with a dot; on the right clean, as the loss compares with it.',
  controls: {
    fraction: { name: 'masked share', symbol: 'ν', min: 0, max: 1, step: 0.05, start: 0.25 },
    epoch: { name: 'epoch', symbol: 't', min: 0, max: 20, step: 1, start: 0 },
  },
  plays: 'epoch',
  draw({ fraction, epoch }, width) {
    const { x, mask } = masked(fraction, epoch);
    const side = Math.min(width / 2, 190);
    const margin = Math.max(10, (width / 2 - side) / 2 + 10);
    return {
      rows: [
        {
          height: 182,
          panels: [
            field(
              'x̃: to the encoder',
              SIDE,
              SIDE,
              [...tiles(greys(x)), dots(places(mask), ORANGE, { r: 2.5 })],
              margin,
            ),
            field('x: to the loss', SIDE, SIDE, tiles(greys(leaves())), margin),
          ],
        },
      ],
      says: [
        `round(νd) = ${mask.reduce((sum, one) => sum + one, 0)} of ${SIDE * SIDE} pixels are 0, ν = ${num(fraction)}`,
        `Epoch ${epoch} has a draw of its own.`,
      ],
    };
  },
});
