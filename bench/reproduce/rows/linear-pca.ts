import { rowRange } from '../../../src/array/matrix.ts';
import { compareWithPca } from '../../../src/cli/report/pca-baseline.ts';
import { fitPca, pcaReconstruct } from '../../../src/data/preprocessing/pca.ts';
import { reconstructionPairs } from '../../../src/figures/reconstruction-pairs.ts';
import type { Lab, Sample, Trained } from '../lab.ts';
import type { Figure, Row } from '../row.ts';
import { DIGIT, digits, first } from '../sets.ts';

const UNITS = 30;
const ITERATIONS = 1000;
/** Of the courses: what the change is worth is told after as many. */
const FEW = 400;
const SEEDS = [1, 2, 3];

/** A linear autoencoder on data whose mean is taken away first, or is left to the biases. */
function train(lab: Lab, data: Sample, seed: number, iterations: number, center: boolean): Promise<Trained> {
  const sizes = lab.size({ hidden: UNITS, iterations }, { hidden: 4, iterations: 20 });
  return lab.train(`linear-pca seed ${seed}, ${iterations} iterations${center ? '' : ', not centred'}`, {
    model: { hidden: sizes.hidden, activation: 'linear', output: 'linear', center, seed },
    data,
    fit: { optimizer: { kind: 'lbfgs', iterations: sizes.iterations } },
  });
}

export const linearPca: Row = {
  name: 'linear-pca',
  title: 'A linear autoencoder finds the principal subspace',
  published:
    'the least squared error of a linear autoencoder with k units is that of the k leading principal components, reached where its units span the same subspace, and there are no other minima. [Baldi & Hornik 1989, as quoted by secondary texts]',
  setup: `the first 10,000 training images of MNIST, 784-${UNITS}-784, linear and untied, no penalty, centred (z = (x − c)Wᵀ + b, c the decoder's bias, which begins at the mean image), ${ITERATIONS} iterations of L-BFGS; angles between the span of the decoder's rows and that of the ${UNITS} leading principal components, of the images that were learnt from.`,
  async run(lab) {
    const data = first((await digits(lab)).all, lab.size(10_000, 200));
    const compare = async ({ model }: Trained) => {
      const { largestAngle, squaredError } = await compareWithPca(model, data.x, model.config.hidden[0]);
      if (largestAngle === undefined) throw new Error('as many units as components have an angle');
      return { largestAngle, squaredError };
    };
    const runs: Trained[] = [];
    for (const seed of SEEDS) runs.push(await train(lab, data, seed, ITERATIONS, true));
    const found = await Promise.all(runs.map(compare));
    const short = [
      await train(lab, data, SEEDS[0], FEW, false),
      await train(lab, data, SEEDS[0], FEW, true),
      await train(lab, data, SEEDS[0], ITERATIONS, false),
    ];
    const changed = await Promise.all(short.map(compare));
    const excess = (run: Trained, least: number) => 100 * ((2 * run.cost) / least - 1);
    const figures: Figure[] = [
      {
        what: `largest angle to the span of PCA-${UNITS}, in degrees`,
        unit: '',
        published: 0,
        ours: found.map(({ largestAngle }) => largestAngle),
        target: { atMost: 1 },
      },
      {
        what: 'squared error of an image above that of PCA',
        unit: '%',
        published: 0,
        ours: runs.map((run, i) => excess(run, found[i].squaredError)),
      },
    ];
    const row = (what: string, run: Trained, { largestAngle, squaredError }: (typeof found)[number]) => [
      what,
      `${largestAngle.toPrecision(3)}°`,
      `${excess(run, squaredError).toPrecision(2)}%`,
      `${run.seconds.toFixed(0)} s`,
    ];
    const shown = rowRange(data.x, 0, Math.min(24, data.x.shape[0]));
    const pca = fitPca(data.x, runs[0].model.config.hidden[0]);
    return {
      figures,
      ablation: {
        head: ['seed 1', 'largest angle', 'error above PCA', 'time'],
        rows: [
          row(`not centred, ${FEW} iterations`, short[0], changed[0]),
          row(`centred, ${FEW} iterations`, short[1], changed[1]),
          row(`not centred, ${ITERATIONS} iterations`, short[2], changed[2]),
          row(`centred, ${ITERATIONS} iterations`, runs[0], found[0]),
        ],
        note: 'Without the mean the largest direction of the data is the mean image itself, many times as long as any other: the two biases and W share the work of taking it away.',
      },
      pictures: [
        await lab.draw(
          'linear-pca-reconstructions.png',
          reconstructionPairs(shown, pcaReconstruct(pca, shown), await runs[0].model.reconstruct(shown), {
            ...DIGIT,
            columns: 4,
          }),
          `Digits, what ${UNITS} principal components make of them, and what the linear autoencoder makes of them: the same. Seed 1.`,
        ),
      ],
      remarks: [
        `The directions that are learnt last are those of nearly equal variance: the variances of components ${UNITS} and ${UNITS + 1} differ by 5%, so a small angle between them costs next to nothing.`,
      ],
    };
  },
};
