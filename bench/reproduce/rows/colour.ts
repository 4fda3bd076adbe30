import { trainingCurves } from '../../../src/figures/curves.ts';
import { featureTiles } from '../../../src/figures/feature-tiles.ts';
import { presets } from '../../../src/training/presets.ts';
import type { Row } from '../row.ts';
import { prepared } from '../sets.ts';
import { featuresOf } from '../shown.ts';

export const colour: Row = {
  name: 'colour',
  title: 'UFLDL: a linear decoder on colour patches',
  published:
    '100,000 8×8 RGB patches of STL-10, the mean patch taken away, ZCA-whitened with ε = 0.1, 192-400-192 with sigmoid hidden and linear output units, ρ = 0.035, λ = 3e-3, β = 5, 400 iterations: edges and opponent colours, in about 45 minutes. [UFLDL wiki, exercise "Linear Decoders"]',
  setup: 'the same with patches of 8,000 CIFAR-10 images, whose 32×32 pixels are coarser than those of STL-10.',
  async run(lab) {
    const { model, fit, data, source } = presets.colour;
    const sample = await prepared(lab, source, lab.size(data, { ...data, patches: { size: 8, count: 400, seed: 1 } }));
    const trained = await lab.train('colour', {
      model: { ...model, hidden: lab.size(400, 20) },
      data: sample,
      fit: lab.size(fit, { optimizer: { kind: 'lbfgs', iterations: 5 } }),
    });
    return {
      figures: [
        { what: 'cost', unit: '', published: null, ours: [trained.cost] },
        {
          what: 'time of training',
          unit: 's',
          published: 'about 45 min',
          ours: [trained.seconds],
          target: { atMost: 2700 },
        },
      ],
      pictures: [
        await lab.draw(
          'colour-features.png',
          featureTiles(await featuresOf(trained.model, sample.steps), { height: 8, width: 8, channels: 3 }),
          'The 400 features, W times the whitening matrix: grey edges, and opponent colours (blue against yellow, red against green). CIFAR-10 patches, ρ = 0.035, λ = 3e-3, β = 5, 400 iterations.',
        ),
        await lab.draw(
          'colour-training.svg',
          trainingCurves(trained.history, { title: 'Colour patches' }),
          'The cost curve.',
        ),
      ],
      remarks: [],
    };
  },
};
