import { test } from 'uvu';
import { Autoencoder, type AutoencoderConfig, fit, type Progress } from '../../src/index.ts';
import { assertClose } from '../support/close.ts';
import { assertRefused } from '../support/errors.ts';
import { randomView } from '../support/views.ts';

const x = randomView(8, 5, 'rows', 'float64', 3, 0, 1);
const penalties: readonly AutoencoderConfig['sparsity'][] = [
  { kind: 'kl', target: 0.1, weight: 2 },
  { kind: 'l1', weight: 0.4 },
  { kind: 'l1', weight: 0.4, decoderNorm: true },
  { kind: 'gated', weight: 0.4 },
  { kind: 'jump-relu', bandwidth: 0.1, penalty: { kind: 'l0', weight: 0.3 } },
  { kind: 'jump-relu', bandwidth: 0.1, penalty: { kind: 'tanh', weight: 0.3, scale: 2 } },
];

for (const sparsity of penalties) {
  test(`the weight of ${JSON.stringify(sparsity)} rises by a quarter a step and stays at its own`, async () => {
    const config: AutoencoderConfig = { inputs: 5, hidden: 4, sparsity, contraction: 0, precision: 'float64' };
    const model = await Autoencoder.create(config);
    const { terms } = await model.costAndGradient(x);
    const gated = sparsity !== null && 'kind' in (sparsity ?? {}) && (sparsity as { kind: string }).kind === 'gated';
    const whole = gated ? await gateAlone(config) : 0; // of the gate's reconstruction, which is no penalty
    const seen: number[] = [];
    const onProgress = (progress: Progress) => void seen.push(progress.terms.sparsity - whole);
    // θ all but stands still.
    const optimizer = { kind: 'sgd', learningRate: 1e-12 } as const;
    await fit(model, x, { optimizer, epochs: 6, batchSize: 8, penaltyWarmup: 4, onProgress });
    assertClose(
      seen,
      [1, 2, 3, 4, 4, 4].map((quarter) => ((terms.sparsity - whole) * quarter) / 4),
      { rtol: 1e-9 },
    );
  });
}

async function gateAlone(config: AutoencoderConfig): Promise<number> {
  const model = await Autoencoder.create({ ...config, sparsity: { kind: 'gated', weight: 0 } });
  return (await model.costAndGradient(x)).terms.sparsity;
}

test('a warm-up is no whole number, or for L-BFGS', async () => {
  const model = await Autoencoder.create({ inputs: 5, hidden: 4 });
  await assertRefused(() => fit(model, x, { penaltyWarmup: 1.5 }), /options\.penaltyWarmup is 1\.5/);
  await assertRefused(
    () => fit(model, x, { optimizer: { kind: 'lbfgs', iterations: 2 }, penaltyWarmup: 2 }),
    /^options\.penaltyWarmup is 2 with optimizer lbfgs, which uses the whole set/,
  );
});

test.run();
