import { type AnyNumbers, matrix, type View } from '../../../src/array/matrix.ts';
import { numberAt } from '../../../src/array/numbers.ts';
import { fitPca, pcaReconstruct } from '../../../src/data/preprocessing/pca.ts';
import { type Dot, panels, scatter } from '../../../src/figures/index.ts';
import { colours } from '../../../src/figures/theme.ts';
import type { Point } from '../../../src/figures/thin.ts';
import type { Lab, Sample, Trained } from '../lab.ts';
import type { Drawn } from '../row.ts';
import { at, errorOf, inPlane, pcaNote } from './swiss-roll-pictures.ts';

const PCA_COLOR = colours.vermilion;
const CURVE_COLOR = colours.ink;

/** The roll's cross-section, its first and third coordinate, as far as the angle `end`. */
export function crossSection({ name, x }: Sample, angles: Float64Array, end: number): Sample {
  const { data, shape, stride, offset } = x;
  const places: number[] = [];
  for (let i = 0; i < shape[0]; i++) {
    const p = offset + i * stride[0];
    if (angles[i] < end) places.push(numberAt(data, p), numberAt(data, p + 2 * stride[1]));
  }
  return { name: `cross-section of ${name} to ${end}`, x: matrix(Float32Array.from(places), places.length / 2, 2) };
}

/** Figure 4 of the seeds: linear against nonlinear, in the plane. */
export async function curvePicture(lab: Lab, data: readonly Sample[], ones: readonly Trained[]): Promise<Drawn> {
  const titles = ['Linear against nonlinear: ¾ turn', 'The same over 1½ turns'];
  const figures = await Promise.all(
    data.map(async ({ x }, i) => {
      const line = inPlane(pcaReconstruct(fitPca(x, 1), x)).sort((a, b) => a.x - b.x);
      return scatter(inPlane(x), {
        title: titles[i],
        width: 480,
        height: 420,
        xLabel: 't cos t, standardized',
        note: 't sin t, standardized',
        paths: [
          { name: `PCA-1: ${pcaNote(x, 1)}`, color: PCA_COLOR, points: [line[0], line[line.length - 1]].map(pair) },
          { name: `1 unit: ${await errorOf(ones[i], data[i])}`, color: CURVE_COLOR, points: await curveOf(ones[i], x) },
        ],
      });
    }),
  );
  return lab.draw(
    'swiss-roll-cross-section.svg',
    panels(figures, { columns: 2 }),
    'One number is kept of each point of the plane; the points are the cross-section of the roll. All that the first principal component can decode lies on a line; what the latent unit of 2-64-32-1-32-64-2 can decode is a curve, drawn from the least code of the data to the greatest. Over 1½ turns training ends in a local minimum: the curve leaves one turn for another, where few points lie. 1,000 iterations of L-BFGS, the best of seeds 1 to 3.',
  );
}

function pair({ x, y }: Dot): Point {
  return [x, y];
}

/** What codes from the least to the greatest of the data decode to. */
async function curveOf({ model }: Trained, x: View<AnyNumbers>): Promise<Point[]> {
  const codes = Array.from((await model.encode(x)).data).sort((a, b) => a - b);
  const steps = 600;
  const [low, high] = [codes[0], codes[codes.length - 1]];
  const grid = Float32Array.from({ length: steps + 1 }, (_, i) => low + ((high - low) * i) / steps);
  const decoded = await model.decode(matrix(grid, steps + 1, 1));
  return Array.from({ length: steps + 1 }, (_, i): Point => [at(decoded, i, 0), at(decoded, i, 1)]);
}
