import { type ClassifierConfig, classifierSpec, parseClassifierConfig } from '../model/classifier-config.ts';
import {
  activationNames,
  CLASSES,
  CORRUPTIONS,
  DEPTHS,
  type GradientCase,
  INPUTS,
  K_SPARSE,
  marksOfNoise,
  named,
  WEIGHT_DECAY,
} from './gradient-case.ts';

/** Softmax regression, classifiers on top of one to three layers, k-sparse ones, staged fine-tuning, noise on examples and units. */
export function* classifiers(): Generator<GradientCase> {
  for (const hidden of [[], ...DEPTHS]) {
    for (const activation of hidden.length === 0 ? (['sigmoid'] as const) : activationNames) {
      for (const weightDecay of [0, WEIGHT_DECAY]) {
        for (const hiddenWeightDecay of hidden.length === 0 ? [0] : [0, WEIGHT_DECAY]) {
          yield classifier({ hidden, activation, weightDecay, hiddenWeightDecay });
        }
      }
    }
  }
  const layers = [{ ...K_SPARSE, alpha: 1.5 }, { ...K_SPARSE }] as const;
  for (const activation of activationNames) {
    yield classifier({ hidden: [4, 3], activation, layers: [layers[0], null], weightDecay: WEIGHT_DECAY });
    yield classifier({ hidden: [4, 3], activation, layers: [null, layers[1]] });
    yield classifier({ hidden: [4, 3], activation, layers, weightDecay: WEIGHT_DECAY });
  }
  const decays = { weightDecay: WEIGHT_DECAY, hiddenWeightDecay: WEIGHT_DECAY };
  for (const lowest of [1, 2, 3]) {
    yield classifier({ hidden: [4, 3, 2], weightDecay: WEIGHT_DECAY }, lowest);
    yield classifier({ hidden: [4, 3, 2], ...decays }, lowest);
  }
  for (const activation of activationNames) {
    yield classifier({ hidden: [4], activation, dropout: 0.4, weightDecay: WEIGHT_DECAY });
    yield classifier({ hidden: [4, 3], activation, dropout: 0.4, ...decays });
  }
  for (const lowest of [1, 2]) yield classifier({ hidden: [4, 3], dropout: 0.4, ...decays }, lowest);
  yield classifier({ hidden: [4, 3], dropout: [0.4, 0] });
  yield classifier({ hidden: [4, 3], dropout: [0, 0.4], corruption: CORRUPTIONS[0], ...decays });
  yield classifier({ hidden: [4, 3], dropout: [0, 0.4], layers: [K_SPARSE, null], ...decays });
  for (const corruption of CORRUPTIONS) {
    yield classifier({ hidden: [], corruption, weightDecay: WEIGHT_DECAY });
    for (const lowest of [0, 1]) {
      yield classifier(
        { hidden: [4, 3], corruption, weightDecay: WEIGHT_DECAY, hiddenWeightDecay: WEIGHT_DECAY },
        lowest,
      );
    }
  }
}

function classifier(given: Omit<ClassifierConfig, 'inputs' | 'classes'>, lowest = 0): GradientCase {
  const config = parseClassifierConfig({ ...given, inputs: INPUTS, classes: CLASSES, precision: 'float64' });
  const { hidden, activation, corruption, dropout, weightDecay, hiddenWeightDecay, layers } = config;
  const parts = [
    weightDecay > 0 && 'weight decay',
    hiddenWeightDecay > 0 && 'hidden weight decay',
    ...marksOfNoise(corruption),
    dropout !== 0 && `dropout ${dropout}`,
    ...layers.map((spec, i) => spec !== null && `${spec.kind} layer ${i}`),
    lowest > 0 && `layers from ${lowest} trained`,
  ];
  return {
    model: 'classifier',
    hidden,
    activation: String(activation),
    output: 'softmax',
    loss: 'softmax',
    tied: '–',
    objective: named(parts),
    spec: classifierSpec(config),
    lowest,
  };
}
