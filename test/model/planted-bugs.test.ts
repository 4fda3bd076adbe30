import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { autoencoderSpec } from '../../src/model/autoencoder-spec.ts';
import { type AutoencoderConfig, parseConfig } from '../../src/model/config.ts';
import { createLayout } from '../../src/model/parameters.ts';
import { LIMIT } from '../../src/proof/limits.ts';
import { plantedBug, plantedBugs } from '../../src/proof/planted-bugs.ts';
import { gradientError } from '../support/engines.ts';

// The gradient check must catch what people get wrong by hand. Each bug is planted in the kernels under the real
// cost.ts, at a point where every term is alive; the same check without the bug passes.

const specOf = (extra: Partial<AutoencoderConfig>) =>
  autoencoderSpec(parseConfig({ inputs: 5, hidden: 4, precision: 'float64', ...extra }));
const weightDecay = 1e-4; // UFLDL's: a forgotten λW then moves the whole gradient by about 1e-5 of itself

/** A model for each family of bugs, and one with as many units as inputs, where shapes tell no side from another. */
const models = {
  kl: specOf({ weightDecay, sparsity: { kind: 'kl', target: 0.2, weight: 3 } }),
  'kl, tied': specOf({ weightDecay, tied: true, sparsity: { kind: 'kl', target: 0.2, weight: 3 } }),
  'kl, tied, square': specOf({ hidden: 5, weightDecay, tied: true, sparsity: { kind: 'kl', target: 0.2, weight: 3 } }),
  l1: specOf({ weightDecay, activation: 'relu', output: 'linear', sparsity: { kind: 'l1', weight: 0.3 } }),
  'contractive, tied': specOf({ weightDecay, tied: true, contraction: 0.4 }),
  'k-sparse': specOf({ sparsity: { kind: 'k-sparse', k: 2, annealOver: 0 }, weightDecay }),
  'top-k': specOf({ center: true, sparsity: { kind: 'top-k', k: 2 } }),
  deep: specOf({ hidden: [4, 3], activation: 'tanh', output: 'linear', weightDecay }),
  denoising: specOf({ weightDecay, tied: true, corruption: { kind: 'masking', fraction: 0.4 } }),
};

/** ‖n − a‖/‖n + a‖ with a bug, by name, or without one. */
function errorWith(spec: (typeof models)['kl'], name?: string): Promise<number> {
  if (name === undefined) return gradientError(spec);
  return gradientError(spec, (k) => plantedBug(name).plant(k, { m: 7, layout: createLayout(spec.parameters) }));
}

for (const [name, spec] of Object.entries(models)) {
  test(`checkGradientOf passes the model that bugs are planted in: ${name}`, async () => {
    assert.ok((await errorWith(spec)) <= LIMIT);
  });

  test(`checkGradientOf catches every bug that fits: ${name}`, async () => {
    const fitting = plantedBugs.filter((bug) => bug.fits(spec));
    assert.ok(fitting.length >= 2, `${fitting.length} fit`);
    for (const bug of fitting) {
      const error = await errorWith(spec, bug.name);
      assert.ok(error > 100 * LIMIT, `${bug.name}: ${error} is not clearly above ${LIMIT}`);
    }
  });
}

test('plantedBugs have names of their own, and each fits some model', () => {
  assert.is(new Set(plantedBugs.map(({ name }) => name)).size, plantedBugs.length);
  for (const bug of plantedBugs)
    assert.ok(
      Object.values(models).some((spec) => bug.fits(spec)),
      bug.name,
    );
});

test('plantedBug refuses a name that there is not', () => {
  assert.throws(() => plantedBug('KL'), /no planted bug is called "KL"/);
});

test.run();
