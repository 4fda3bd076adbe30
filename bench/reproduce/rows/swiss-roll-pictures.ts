import { type AnyNumbers, matrix, type View } from '../../../src/array/matrix.ts';
import { numberAt } from '../../../src/array/numbers.ts';
import { fitPca, pcaError, pcaReconstruct } from '../../../src/data/preprocessing/pca.ts';
import { type Dot, panels, project, scatter } from '../../../src/figures/index.ts';
import { measure } from '../../../src/measures/metrics.ts';
import type { Lab, Sample, Trained } from '../lab.ts';
import type { Drawn } from '../row.ts';

const EYE = { azimuth: -35, elevation: 20 };
/** Points of a picture: more would only cover one another. */
const SHOWN = 1000;
const ANGLE = 'Colour is the angle t along the roll, dark violet at its inner end and yellow at its outer one.';

/** Element (i, j). */
export function at({ data, stride, offset }: View<AnyNumbers>, i: number, j: number): number {
  return numberAt(data, offset + i * stride[0] + j * stride[1]);
}

/** The roll lying down, its spiral turned to the eye, coloured by angle; near points cover far ones. */
function inSpace(x: View<AnyNumbers>, angles: Float64Array): Dot[] {
  const [m] = x.shape;
  const lying = Float64Array.from({ length: 3 * m }, (_, p) => at(x, Math.floor(p / 3), [0, 2, 1][p % 3]));
  return project(matrix(lying, m, 3), EYE)
    .map((seen, i) => ({ ...seen, value: angles[i] }))
    .slice(0, SHOWN)
    .sort((a, b) => a.depth - b.depth);
}

/** Clouds in space beside each other, at the same scale. */
function spaces(
  all: readonly { readonly dots: readonly Dot[]; readonly title: string; readonly note: string }[],
): string {
  const room = all.flatMap(({ dots }) => dots);
  return panels(
    all.map(({ dots, title, note }) => scatter(dots, { title, note, room })),
    { columns: all.length },
  );
}

/** Points of a plane. */
export function inPlane(x: View<AnyNumbers>, angles?: Float64Array): Dot[] {
  return Array.from({ length: Math.min(SHOWN, x.shape[0]) }, (_, i) => ({
    x: at(x, i, 0),
    y: at(x, i, 1),
    ...(angles ? { value: angles[i] } : {}),
  }));
}

export async function errorOf({ model }: Trained, { x }: Sample): Promise<string> {
  return `squared error ${(await measure(model, x)).squaredError.toPrecision(2)}`;
}

export function pcaNote(x: View<AnyNumbers>, components: number): string {
  return `squared error ${pcaError(fitPca(x, components), x).toPrecision(2)}`;
}

/** Figures 5 and 6 of the seeds: the roll, what two latent units make of it, and the flat sheet. */
export async function rollPicture(lab: Lab, data: Sample, two: Trained, angles: Float64Array): Promise<Drawn> {
  const { x } = data;
  const roll = inSpace(x, angles);
  const sheet = inSpace(await two.model.reconstruct(x), angles);
  const plane = inSpace(pcaReconstruct(fitPca(x, 2), x), angles);
  return lab.draw(
    'swiss-roll-sheets.svg',
    spaces([
      { dots: roll, title: 'The roll', note: `${roll.length} of its points` },
      { dots: sheet, title: 'Through 2 latent units', note: await errorOf(two, data) },
      { dots: plane, title: 'Through PCA-2: a flat sheet', note: pcaNote(x, 2) },
    ]),
    `The Swiss roll in 3D, and its points x̂ after 2 numbers were kept of each: the autoencoder 3-64-32-2-32-64-3 keeps the sheet rolled up, and the best plane is flat. 2,000 points, 1,000 iterations of L-BFGS; squared errors per point, each coordinate of variance 1. ${ANGLE}`,
  );
}

/** One number a point. */
export async function sheetPicture(lab: Lab, data: Sample, one: Trained, angles: Float64Array): Promise<Drawn> {
  const { x } = data;
  const curve = inSpace(await one.model.reconstruct(x), angles);
  const line = inSpace(pcaReconstruct(fitPca(x, 1), x), angles);
  return lab.draw(
    'swiss-roll-curves.svg',
    spaces([
      { dots: inSpace(x, angles), title: 'The roll', note: '' },
      { dots: curve, title: 'Through 1 latent unit: a curve', note: await errorOf(one, data) },
      { dots: line, title: 'Through PCA-1: a line', note: pcaNote(x, 1) },
    ]),
    `The same points after 1 number was kept of each. A sheet needs two: 3-64-32-1-32-64-3 winds a curve through the roll, the first principal component lays a line. 1,000 iterations of L-BFGS. ${ANGLE}`,
  );
}

/** The codes themselves: an unrolled sheet. */
export async function codesPicture(lab: Lab, { x }: Sample, two: Trained, angles: Float64Array): Promise<Drawn> {
  const pca = fitPca(x, 2);
  const [m] = x.shape;
  const scores = new Float64Array(2 * m);
  for (let i = 0; i < m; i++) {
    for (let c = 0; c < 2; c++) {
      for (let j = 0; j < 3; j++) scores[2 * i + c] += (at(x, i, j) - pca.mean.data[j]) * at(pca.components, c, j);
    }
  }
  const figures = [
    scatter(inPlane(await two.model.encode(x), angles), {
      title: 'Code of 2 latent units',
      xLabel: 'unit 1',
      note: 'unit 2',
      equal: false,
    }),
    scatter(inPlane(matrix(scores, m, 2), angles), {
      title: 'Code of PCA-2',
      xLabel: 'component 1',
      note: 'component 2',
      equal: false,
    }),
  ];
  return lab.draw(
    'swiss-roll-codes.svg',
    panels(figures, { columns: 2 }),
    `The two numbers that are kept of each point. The autoencoder cuts the sheet into bands and lays them beside each other, not in the order of the roll; few places have two colours. PCA-2 lays turn upon turn. ${ANGLE}`,
  );
}
