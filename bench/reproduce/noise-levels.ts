import { type Matrix, rowRange } from '../../src/array/matrix.ts';
import { median } from '../../src/array/quantile.ts';
import { featureTiles } from '../../src/figures/feature-tiles.ts';
import { featuresAcross } from '../../src/figures/features-across.ts';
import { pretraining } from './deep-net.ts';
import { denoise, denoisedPicture } from './denoised.ts';
import { detailSizes, filterExtents, growing } from './filter-extent.ts';
import type { Lab, Trained } from './lab.ts';
import type { Drawn, Figure } from './row.ts';
import { DIGIT, type Digits } from './sets.ts';
import { featuresOf } from './shown.ts';

/** ν in percent. */
const LEVELS = [0, 25, 50] as const;
const EPOCHS = 8;
const SETUP = `MNIST, first 50,000 digits, 784-500 tied sigmoid units, cross-entropy, ${EPOCHS} epochs of Adam, batch 20, seed 1`;
/** Of the pixels of validation digits, masked to be repaired. */
const REPAIRED = 0.5;

/** A denoising autoencoder for each level, all from the same initial weights, small so that no noise of theirs remains. */
export async function trainLevels(lab: Lab, { train }: Digits): Promise<readonly Trained[]> {
  const models: Trained[] = [];
  for (const level of LEVELS) {
    models.push(
      await lab.train(`denoising ${level}%`, {
        model: {
          hidden: lab.size(500, 30),
          tied: true,
          loss: 'cross-entropy',
          corruption: level === 0 ? null : { kind: 'masking', fraction: level / 100 },
          initialization: { kind: 'normal', deviation: 0.01 },
          seed: 1,
        },
        data: train,
        fit: pretraining(lab, EPOCHS, 20),
      }),
    );
  }
  return models;
}

/** What "larger filters" is in numbers. */
export async function filterFigures(models: readonly Trained[]): Promise<Figure[]> {
  const weights = await Promise.all(models.map(({ model }) => featuresOf(model)));
  const plain = { unit: '', published: null } as const;
  const details = weights.map((w) => median(detailSizes(w, DIGIT)));
  return [
    ...LEVELS.map(
      (level, i): Figure => ({
        ...plain,
        what: `size of a filter's details, in shifts, ${level}% masked, median of the units`,
        ours: [details[i]],
      }),
    ),
    ...LEVELS.slice(1).map(
      (level, i): Figure => ({
        ...plain,
        what: `size of a filter's details, ${level}% − ${LEVELS[i]}% masked`,
        ours: [details[i + 1] - details[i]],
        target: { atLeast: 1 }, // whole shifts
      }),
    ),
    ...LEVELS.map(
      (level, i): Figure => ({
        ...plain,
        what: `pixels that a filter lies on (participation ratio), ${level}% masked, median of the units`,
        ours: [median(filterExtents(weights[i]))],
      }),
    ),
  ];
}

export async function filterPictures(lab: Lab, models: readonly Trained[]): Promise<Drawn[]> {
  const weights = await Promise.all(models.map(({ model }) => featuresOf(model)));
  const pictures: Drawn[] = [];
  for (const [i, level] of LEVELS.entries()) {
    const shown: Matrix = rowRange(weights[i], 0, Math.min(100, weights[i].shape[0]));
    pictures.push(
      await lab.draw(
        `denoising-features-${level}.png`,
        featureTiles(shown, DIGIT),
        `Filters of units 0 to 99, ${level}% of the pixels masked in training. ${SETUP}; the same initial weights at each level.`,
      ),
    );
  }
  const [a, b] = growing(detailSizes(weights[0], DIGIT), detailSizes(weights[LEVELS.length - 1], DIGIT));
  const unchosen = Array.from({ length: 24 }, (_, unit) => unit);
  pictures.push(
    await lab.draw(
      'denoising-neurons.png',
      featuresAcross(weights, [a, b], { ...DIGIT, columns: 1, scale: 6 }),
      `Neurons A (above, unit ${a}) and B (unit ${b}) with 0, 25 and 50% of the pixels masked in training, from left to right: the two whose details grow most from 0 to 50%. ${SETUP}; the same initial weights.`,
    ),
    await lab.draw(
      'denoising-across.png',
      featuresAcross(weights, unchosen, { ...DIGIT, columns: 4 }),
      `Units 0 to 23, not chosen, each with 0, 25 and 50% of the pixels masked in training, from left to right. ${SETUP}.`,
    ),
  );
  return pictures;
}

/** What each net makes of the same digits, half of them masked. */
export async function repairFigures(models: readonly Trained[], { validation }: Digits): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [i, level] of LEVELS.entries()) {
    figures.push({
      what: `squared error of a validation digit, repaired from ${100 * REPAIRED}% masked, by the net of ${level}%`,
      unit: '',
      published: null,
      ours: [(await denoise(models[i], validation, REPAIRED)).squaredError],
    });
  }
  return figures;
}

export async function repairPictures(lab: Lab, models: readonly Trained[], { validation }: Digits): Promise<Drawn[]> {
  const pictures: Drawn[] = [];
  for (const i of [0, LEVELS.length - 1]) {
    const level = LEVELS[i];
    pictures.push(
      await lab.draw(
        `denoising-repaired-${level}.png`,
        denoisedPicture(await denoise(models[i], validation, REPAIRED)),
        `Validation digits, the same with ${100 * REPAIRED}% of their pixels masked, and what the net makes of that which had ${level}% masked in training. ${SETUP}.`,
      ),
    );
  }
  return pictures;
}
