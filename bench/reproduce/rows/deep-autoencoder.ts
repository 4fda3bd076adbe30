import { rowRange } from '../../../src/array/matrix.ts';
import { fitPca, pcaError, pcaReconstruct } from '../../../src/data/preprocessing/pca.ts';
import { trainingCurves } from '../../../src/figures/curves.ts';
import { reconstructionPairs } from '../../../src/figures/reconstruction-pairs.ts';
import { measure } from '../../../src/measures/metrics.ts';
import type { Row } from '../row.ts';
import { DIGIT, digits } from '../sets.ts';
import { searchDeepAutoencoder } from './deep-autoencoder-search.ts';

const UNITS = 30;
const EPOCHS = 15;
const LONGER = 50;

export const deepAutoencoder: Row = {
  name: 'deep-autoencoder',
  title: 'A deep autoencoder against principal components',
  published:
    '784-1000-500-250-30, logistic units and a linear code, each layer pretrained as a Boltzmann machine, then conjugate gradients on all of it, 60,000 digits: average squared error of a test image 3.00, PCA-30 13.87. [Hinton & Salakhutdinov, Science 313, 2006, caption of Figure 2, as quoted by secondary texts; the paper itself was not read]',
  setup: `the same sizes and digits; ReLU units, sigmoid output, squared error and no pretraining, ${EPOCHS} and ${LONGER} epochs of Adam (learning rate 1e-3 falling linearly to 2e-5, batch 100), seed 1. PCA is fitted to the training images.`,
  search: {
    measure: 'Squared error of one of the last 10,000 training images, the first 50,000 to learn from, seed 1',
    run: searchDeepAutoencoder,
  },
  async run(lab) {
    const { all, test } = await digits(lab);
    const deep = (epochs: number) =>
      lab.train(`deep-autoencoder, ${epochs} epochs`, {
        model: {
          hidden: lab.size([1000, 500, 250, UNITS], [40, 20, 10, 5]),
          activation: ['relu', 'relu', 'relu', 'linear'],
          output: 'sigmoid',
          loss: 'squared-error',
          seed: 1,
        },
        data: all,
        fit: {
          optimizer: { kind: 'adam', learningRate: { kind: 'linear', from: 1e-3, to: 2e-5 } },
          epochs: lab.size(epochs, 1),
          batchSize: 100,
        },
      });
    const pca = fitPca(all.x, lab.size(UNITS, 5));
    const linear = await lab.step('pca error', { data: all.name, test: test.name }, async () => pcaError(pca, test.x));
    const [short, long] = [await deep(EPOCHS), await deep(LONGER)];
    const error = async (run: typeof short) => (await measure(run.model, test.x)).squaredError;
    const shown = rowRange(test.x, 0, Math.min(48, test.x.shape[0]));
    const strips = { ...DIGIT, columns: 4 };
    return {
      figures: [
        {
          what: 'squared error of a test image, PCA-30',
          unit: '',
          published: 13.87,
          ours: [linear],
          target: { atMost: 14.1 },
        },
        {
          what: `squared error of a test image, ${EPOCHS} epochs`,
          unit: '',
          published: 3,
          ours: [await error(short)],
          detail: true,
        },
        {
          what: `squared error of a test image, ${LONGER} epochs`,
          unit: '',
          published: 3,
          ours: [await error(long)],
          target: { atMost: 3 },
        },
        {
          what: `squared error of a training image, ${LONGER} epochs`,
          unit: '',
          published: null,
          ours: [2 * long.terms.reconstruction],
        },
      ],
      pictures: [
        await lab.draw(
          'deep-autoencoder-reconstructions.png',
          reconstructionPairs(shown, null, await long.model.reconstruct(shown), strips),
          `Test digits and what 30 numbers make of them: 784-1000-500-250-30, ${LONGER} epochs.`,
        ),
        await lab.draw(
          'deep-autoencoder-pca.png',
          reconstructionPairs(shown, null, pcaReconstruct(pca, shown), strips),
          'The same digits from 30 principal components.',
        ),
        await lab.draw(
          'deep-autoencoder-training.svg',
          trainingCurves(long.history, { title: 'Deep autoencoder', stepLabel: 'step' }),
          `The cost, ½ squared error, over ${LONGER} epochs.`,
        ),
      ],
      remarks: [],
    };
  },
};
