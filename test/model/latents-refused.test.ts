import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix, toFlat } from '../../src/array/matrix.ts';
import { InputError, TrainingError } from '../../src/errors.ts';
import { inspect, measure } from '../../src/measures/on-demand.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { Classifier } from '../../src/model/classifier.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import type { Group } from '../../src/model/group.ts';
import { checkGradient } from '../../src/proof/gradient-check.ts';
import { fit } from '../../src/training/fit.ts';
import type { FitOptions } from '../../src/training/options.ts';
import { splitGroups } from '../support/split-group.ts';
import { randomView } from '../support/views.ts';

// What processes cannot share the latents in is refused in all of them; where one fails, all do.

const x = randomView(12, 6, 'rows', 'float64', 3);
const base: AutoencoderConfig = { inputs: 6, hidden: 9, precision: 'float64', sparsity: { kind: 'top-k', k: 2 } };

/** What every process throws. */
async function thrown(size: number, task: (group: Group) => Promise<unknown>): Promise<Error[]> {
  const all = splitGroups(size).map((group) =>
    task(group).then(
      () => assert.unreachable('it was let pass'),
      (e) => e,
    ),
  );
  return (await Promise.all(all)) as Error[];
}

test('configs that latents cannot be shared of are refused by their key', async () => {
  const refused: readonly (readonly [Partial<AutoencoderConfig>, RegExp])[] = [
    [
      { sparsity: { kind: 'l1', weight: 0.1 }, activation: 'relu', output: 'linear' },
      /^config.sparsity is .*l1.* top-k or batch-top-k/,
    ],
    [{ sparsity: null, output: 'linear' }, /^config.sparsity is null/],
    [{ sparsity: { kind: 'k-sparse', k: 2 } }, /^config.sparsity is/],
    [{ sparsity: { kind: 'jump-relu', bandwidth: 0.1, penalty: { kind: 'l0', weight: 0.1 } } }, /^config.sparsity is/],
    [{ sparsity: { kind: 'gated', weight: 0.1 } }, /^config.sparsity is/],
    [{ hidden: [9, 4] }, /^config.hidden is \[9,4\] .* it must be one number/],
    [{ tied: true }, /^config.tied is true/],
    [{ prefixes: [3, 9] }, /^config.prefixes is/],
    [{ skip: true }, /^config.skip is true/],
    [{ output: 'sigmoid', loss: 'cross-entropy' }, /^config.output is "sigmoid"/],
    [{ hidden: 2 }, /^options.latents is a group of 3 processes, and config.hidden is 2/],
  ];
  for (const [config, message] of refused) {
    for (const error of await thrown(3, (latents) => Autoencoder.create({ ...base, ...config }, { latents }))) {
      assert.instance(error, InputError);
      assert.match(error.message, message);
    }
  }
});

test('options that latents cannot be shared with are refused', async () => {
  const [latents] = splitGroups(1);
  const rejects = async (task: Promise<unknown>, message: RegExp) => {
    const error = await task.then(
      () => assert.unreachable(String(message)),
      (e) => e,
    );
    assert.instance(error, InputError);
    assert.match(error.message, message);
  };
  await rejects(Autoencoder.create(base, { latents: {} as never }), /^options.latents is .*: it must be a group/);
  await rejects(Autoencoder.create(base, { latents, parts: {} }), /^options.parts is given with options.latents/);
  await rejects(
    Classifier.create({ inputs: 6, hidden: [4], classes: 2 }, { latents }),
    /^options.latents is given for a classifier/,
  );
  const model = await Autoencoder.create(base, { latents });
  const refused: readonly (readonly [FitOptions, RegExp])[] = [
    [{ group: latents }, /^options.group is given/],
    [{ optimizer: { kind: 'lbfgs', iterations: 2 } }, /^options.optimizer is "lbfgs"/],
    [{ rules: [{ kind: 'resample', every: 2 }] as never }, /^options.rules/],
  ];
  for (const [options, message] of refused) await rejects(fit(model, x, options), message);
  await rejects(measure(model, x), /^measuring needs a whole model, and this process has 9 of its 9 latents/);
  await rejects(inspect(model, x), /needs a whole model/);
  await rejects(checkGradient(model, x), /needs a whole model/);
  assert.throws(() => model.encodeSync(x), /encodeSync/);
});

test('768 → 196,608 is too much for one process, which says what to do', async () => {
  const wide: AutoencoderConfig = { inputs: 768, hidden: 196_608, sparsity: { kind: 'top-k', k: 32 } };
  const error = await Autoencoder.create(wide).catch((e: Error) => e);
  assert.instance(error, InputError);
  assert.match((error as Error).message, /302.*parameters.* or share its latents among processes \(--shard latents\)/);
});

test('the gradient of shared latents is that of central differences', async () => {
  for (const [config, dead] of [
    [{ ...base, center: true, weightDecay: 0.01 }, 0],
    [{ ...base, center: true, auxiliary: { kind: 'aux-k', k: 3, weight: 0.5, deadAfter: 1, variant: 'saelens' } }, 1],
  ] as const) {
    const models = await Promise.all(
      splitGroups(2).map((latents) => Autoencoder.create(config as AutoencoderConfig, { latents })),
    );
    // What is detached in AuxK, the residual, is held while θ moves.
    if (dead) for (const model of models) model.engine.keepDetached();
    const evaluate = () => Promise.all(models.map((model) => model.costAndGradient(x)));
    const [first] = [await evaluate()];
    if (dead) for (const model of models) model.engine.holdDetached();
    const h = 1e-5;
    for (const [owner, name, at] of [
      [0, 'encoder.weight', 7],
      [1, 'decoder.weight', 11],
      [1, 'encoder.bias', 2],
      [0, 'decoder.bias', 3],
    ] as const) {
      const costs: number[] = [];
      for (const step of [h, -h, 0]) {
        for (const [rank, model] of models.entries()) {
          if (rank !== owner && name !== 'decoder.bias') continue;
          const value = (await model.parameters())[name];
          const moved = toFlat(value, new Float64Array(value.size));
          moved[at] += step === 0 ? h : step === h ? h : -2 * h; // there, to the other side, and back
          const { shape } = value;
          const view =
            shape.length === 2
              ? matrix(moved, shape[0], shape[1])
              : { ...matrix(moved, 1, moved.length), shape, stride: [1] };
          model.setParameters({ [name]: view as never });
        }
        costs.push((await evaluate())[0].cost);
      }
      const numeric = (costs[0] - costs[1]) / (2 * h);
      const analytic = toFlat(first[owner].gradient[name])[at];
      assert.ok(
        Math.abs(numeric - analytic) <= 1e-7 * Math.max(1, Math.abs(numeric)),
        `${name}: ${numeric}, ${analytic}`,
      );
    }
  }
});

test('a run that diverges does so in every process, and leaves the last good θ', async () => {
  const errors = await thrown(2, async (latents) => {
    const model = await Autoencoder.create({ ...base, precision: 'float32' }, { latents });
    try {
      await fit(model, x, { epochs: 60, batchSize: 6, optimizer: { kind: 'sgd', learningRate: 1e8 } });
    } finally {
      for (const { data } of Object.values(await model.parameters())) assert.ok(data.every(Number.isFinite));
    }
  });
  for (const error of errors) assert.instance(error, TrainingError);
  assert.is(errors[0].message, errors[1].message);
});

test('what overflows in the optimizer of one process ends the run in all', async () => {
  const large = matrix(
    Float64Array.from({ length: 12 * 6 }, (_, i) => (i % 6 === 0 ? 1e9 : 0) * (1 + i)),
    12,
    6,
  );
  const errors = await thrown(3, async (latents) => {
    const model = await Autoencoder.create({ ...base, precision: 'float32' }, { latents });
    await fit(model, large, { epochs: 3, batchSize: 6, optimizer: { kind: 'adam', learningRate: 1e-3 } });
  });
  for (const error of errors) assert.instance(error, TrainingError);
  for (const error of errors) assert.match(error.message, /overflows float32/);
});

test.run();
