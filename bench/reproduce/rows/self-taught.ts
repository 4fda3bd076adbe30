import { featureTiles } from '../../../src/figures/feature-tiles.ts';
import { presets } from '../../../src/training/presets.ts';
import type { Plan, Trained } from '../lab.ts';
import type { Row } from '../row.ts';
import { DIGIT, digits, only, part } from '../sets.ts';
import { featuresOf } from '../shown.ts';

export const selfTaught: Row = {
  name: 'self-taught',
  title: 'UFLDL: self-taught learning',
  published:
    'features of the 29,404 digits 5 to 9 by 784-200-784, ρ = 0.1, λ = 3e-3, β = 3, 400 iterations; softmax on the codes of half of the digits 0 to 4, tested on the other half (15,298 each): 98.3%, raw pixels about 96%. [UFLDL exercise "Self-Taught Learning", wiki and starter code]',
  setup:
    'the same, softmax λ = 1e-4 and 100 iterations as there; raw pixels are the same softmax on the digits themselves.',
  async run(lab) {
    const { all } = await digits(lab);
    const unlabelled = only(all, [5, 6, 7, 8, 9]);
    const labelled = only(all, [0, 1, 2, 3, 4]);
    const m = labelled.x.shape[0];
    const half = Math.round(m / 2);
    const [train, test] = [part(labelled, 0, half), part(labelled, half, m)];
    const lbfgs = (iterations: number): Plan => ({ optimizer: { kind: 'lbfgs', iterations: lab.size(iterations, 5) } });
    const codes: number[] = [];
    const raw: number[] = [];
    let shown: Trained | undefined;
    for (const seed of [1, 2, 3]) {
      const name = `self-taught seed ${seed}`;
      const { model } = presets['self-taught'];
      const trained = await lab.train(name, {
        model: { ...model, hidden: lab.size(200, 20), seed },
        data: unlabelled,
        fit: lbfgs(400),
      });
      shown ??= trained;
      const common = { data: train, stage: 'softmax', classes: 5, weightDecay: 1e-4, seed, fit: lbfgs(100) } as const;
      const onCodes = await lab.tune(`${name} softmax`, { ...common, start: { models: [trained] } });
      const start = { hidden: [], inputs: train.x.shape[1] };
      const onPixels = await lab.tune(`${name} raw pixels`, { ...common, stage: 'all', start });
      codes.push(100 - (await lab.error(onCodes, test)));
      raw.push(100 - (await lab.error(onPixels, test)));
    }
    return {
      figures: [
        { what: 'digits 0 to 4 right, on codes', unit: '%', published: 98.3, ours: codes, target: { atLeast: 98.2 } },
        { what: 'digits 0 to 4 right, on raw pixels', unit: '%', published: 'about 96%', ours: raw },
      ],
      pictures: shown
        ? [
            await lab.draw(
              'self-taught-features.png',
              featureTiles(await featuresOf(shown.model), DIGIT),
              'The 200 features learnt from the digits 5 to 9 alone, seed 1: strokes that serve 0 to 4 as well.',
            ),
          ]
        : [],
      remarks: [],
    };
  },
};
