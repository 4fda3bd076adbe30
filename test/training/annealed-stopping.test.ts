import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { fit } from '../../src/training/fit.ts';
import { serializeModel } from '../../src/training/model-file.ts';
import type { FitOptions } from '../../src/training/options.ts';
import { randomView } from '../support/views.ts';

// keep: 'best' and stop, while k falls: what validation says then is not of the k that was asked for.

const [x, validation] = [
  randomView(4, 8, 'rows', 'float64', 1, -0.5, 0.5),
  randomView(30, 8, 'rows', 'float64', 2, -0.5, 0.5),
];
const config = { inputs: 8, hidden: 12, precision: 'float64', seed: 2 } as const;
const options = { optimizer: { kind: 'adam', learningRate: 0.02 }, epochs: 20, batchSize: 2, validation } as const;

for (const sparsity of [
  { kind: 'k-sparse', k: 1, annealFrom: 12, annealOver: 0.45 },
  { kind: 'top-k', k: 1, annealFrom: 12, annealOver: 0.45 },
  { kind: 'batch-top-k', k: 1, annealFrom: 12, annealOver: 0.45 },
] as const) {
  test(`epochs in which k is annealed are neither kept nor waited for: ${sparsity.kind}`, async () => {
    const of = async (more: Partial<FitOptions>) => {
      const model = await Autoencoder.create({ ...config, sparsity });
      return { model, result: await fit(model, x, { ...options, ...more }) };
    };
    const errors = (await of({})).result.history.map((entry) => entry.validation ?? Number.NaN);
    const counted = errors.slice(9); // of 20 · 0.45 = 9 epochs none
    const best = 10 + counted.indexOf(Math.min(...counted));
    const kept = await of({ keep: 'best' });
    assert.is(kept.result.kept, best);
    const { result } = await of({ stop: { patience: 1 } });
    const rises = counted.findIndex((error, i) => i > 0 && error >= Math.min(...counted.slice(0, i)));
    assert.is(result.epochs, rises < 0 ? 20 : 10 + rises);
    const cuts: Uint8Array[] = [];
    await of({ keep: 'best', checkpoint: { every: 1, save: (bytes) => void cuts.push(bytes) } });
    for (const resume of cuts) {
      const again = await of({ keep: 'best', resume });
      assert.is(again.result.kept, best);
      assert.equal(await serializeModel(again.model), await serializeModel(kept.model));
    }
  });
}

test.run();
