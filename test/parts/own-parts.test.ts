import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix, type Numbers, vectorView } from '../../src/array/matrix.ts';
import { fillUniform, stream } from '../../src/array/random.ts';
import type { Activation } from '../../src/kernels/activations/activation.ts';
import { sigmoid } from '../../src/kernels/activations/sigmoid.ts';
import type { LayerKind } from '../../src/layers/layer.ts';
import { createUnits } from '../../src/layers/units.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { Classifier } from '../../src/model/classifier.ts';
import type { Parts } from '../../src/model/parts.ts';
import type { OptimizerKind } from '../../src/optimizers/optimizer.ts';
import { checkGradient } from '../../src/proof/gradient-check.ts';
import type { TermKind } from '../../src/terms/term.ts';
import { fit } from '../../src/training/fit.ts';
import type { FitParts } from '../../src/training/fit-parts.ts';
import { deserializeModel, serializeModel } from '../../src/training/model-file.ts';
import type { FitOptions } from '../../src/training/options.ts';
import type { RuleKind } from '../../src/training/rules/rule.ts';
import { softsign } from '../support/activations.ts';
import { assertRefused } from '../support/errors.ts';

// Parts that a user wrote, from outside, with plain loops: those that repeat a part of the tables give its bits.

const [M, D] = [40, 6];
const x = matrix(fillUniform(new Float64Array(M * D), { seed: 4, stream: stream.testing }, 0.1, 0.9), M, D);

const twin: Activation = { ...sigmoid, name: 'twin' };
/** ½γ/m Σₖ Σⱼ a². */
const ridge: TermKind<{ kind: 'ridge'; weight: number; layer?: number }> = {
  create: ({ weight }) => ({
    name: 'ridge',
    backward({ results, slot, code, dCode, m }) {
      const sums = results as Float64Array;
      const [a, dA] = [code.a.data as Numbers, dCode.data as Numbers];
      const [rows, units] = code.a.shape;
      for (let p = 0; p < rows * units; p++) {
        sums[slot] += ((weight / 2) * a[p] ** 2) / m;
        dA[p] += weight * a[p];
      }
    },
  }),
};
/** k-sparse units once more, without annealing, by a plain sort. */
const topTwo: LayerKind<{ kind: 'top-two' }> = {
  selects: true,
  defaults: { activation: 'linear', output: 'linear', tied: true, deviation: 0.01 },
  create: (_, place) =>
    createUnits(place, {
      selection: {
        width: () => 2,
        select({ values, indices }, { a }) {
          const [rows, units] = a.shape;
          const data = a.data as Numbers;
          for (let i = 0; i < rows; i++) {
            const row = data.subarray(i * units, (i + 1) * units);
            const kept = [...row.keys()]
              .sort((p, q) => row[q] - row[p] || p - q)
              .slice(0, 2)
              .sort((p, q) => p - q);
            kept.forEach((unit, t) => {
              (indices.data as Uint32Array)[2 * i + t] = unit;
              (values.data as Numbers)[2 * i + t] = row[unit];
            });
            row.forEach((_value, unit) => {
              if (!kept.includes(unit)) row[unit] = 0;
            });
          }
        },
      },
    }),
};
const parts = {
  activations: { twin, softsign },
  terms: { ridge },
  layers: { 'top-two': topTwo },
} as unknown as Parts;

/** v ← μv − ηg; θ ← θ + v, as SGD does, in plain loops. */
const plainSgd: OptimizerKind<{ kind: 'plain-sgd'; rate: number; momentum: number }> = {
  data: 'batch',
  create({ rate, momentum }, { k, storage, size }) {
    const velocity = vectorView(storage.allocate(size));
    const before = vectorView(storage.allocate(size));
    return {
      async step({ theta, gradient, evaluate }) {
        const evaluation = await evaluate();
        k.copy(before, theta);
        const [t, g, v] = [theta, gradient, velocity].map(({ data }) => data as Numbers);
        for (let i = 0; i < size; i++) {
          const move = momentum * v[i] - rate * g[i];
          v[i] = move;
          t[i] += move;
        }
        return { evaluation, converged: null };
      },
      undo: (theta) => k.copy(theta, before),
      state: async () => ({ velocity: await k.copyOut(velocity), before: await k.copyOut(before) }),
      restore(state) {
        k.write(velocity, state.velocity);
        k.write(before, state.before);
      },
    };
  },
};
/** Counts its steps in what it keeps, and lets θ shrink by a factor that depends on the count. */
const cooling: RuleKind<{ kind: 'cooling'; rate: number }> = {
  tensors: () => [{ name: 'count', shape: [1], role: 'run-state' }],
  create: ({ rate }, { k, theta, state }) => ({
    after() {
      const count = state('count').data as Float64Array;
      count[0]++;
      k.scale(theta, 1 - rate / count[0]);
    },
  }),
};
const fitParts = { optimizers: { 'plain-sgd': plainSgd }, rules: { cooling } } as unknown as FitParts;

async function trained(config: object, options: object = {}, given: Parts | undefined = parts) {
  const model = await Autoencoder.create({ inputs: D, hidden: 5, precision: 'float64', ...config } as never, {
    parts: given,
  });
  const { history } = await fit(model, x, { epochs: 4, batchSize: 12, ...options } as FitOptions);
  return { model, history, theta: await model.engine.kernels.copyOut(model.engine.theta) };
}

test('an activation from outside gives the bits of the one it repeats, in every place', async () => {
  for (const extra of [{}, { contraction: 0.1 }, { sparsity: { kind: 'kl', target: 0.2, weight: 1 } }]) {
    const own = await trained({ activation: 'twin', output: 'twin', ...extra });
    const table = await trained({ activation: 'sigmoid', output: 'sigmoid', ...extra });
    assert.equal(own.theta, table.theta);
  }
  const { theta } = await trained({ activation: 'twin', precision: 'float32' });
  const { theta: vectors } = await trained({ activation: 'sigmoid', precision: 'float32' });
  theta.forEach((value, i) => {
    assert.ok(Math.abs(value - vectors[i]) < 1e-5);
  });
});

test('checkGradient proves activations and terms from outside, and catches a wrong one', async () => {
  const config = { inputs: D, hidden: [5, 4], activation: 'softsign', output: 'softsign', contraction: 0.2 };
  const sparsity = [
    { kind: 'ridge', weight: 0.3, layer: 0 },
    { kind: 'kl', target: 0.2, weight: 2, layer: 1 },
  ];
  const model = await Autoencoder.create({ ...config, sparsity } as never, { parts });
  assert.ok((await checkGradient(model, x)).normRelativeError < 1e-8);
  const { terms } = await model.costAndGradient(x);
  assert.ok((terms as Record<string, number>).ridge > 0);
  const wrong = { ...parts, activations: { softsign: { ...softsign, first: (a: number) => 1 - Math.abs(a) } } };
  const bad = await Autoencoder.create({ ...config, sparsity } as never, { parts: wrong });
  assert.ok((await checkGradient(bad, x)).normRelativeError > 1e-3);
});

test('a layer from outside gives the bits of k-sparse units, with its own defaults', async () => {
  const own = await trained({ sparsity: { kind: 'top-two' } });
  const table = await trained({ sparsity: { kind: 'k-sparse', k: 2, annealOver: 0 } });
  assert.equal(own.theta, table.theta);
  assert.equal((await own.model.encode(x)).data, (await table.model.encode(x)).data);
  assert.is(own.model.config.activation, 'linear');
});

test('an optimizer from outside gives the bits of SGD, and resumes to the bit', async () => {
  const optimizer = { kind: 'plain-sgd', rate: 0.1, momentum: 0.9 };
  const own = await trained({}, { optimizer, parts: fitParts });
  const table = await trained({}, { optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.9 } });
  assert.equal(own.theta, table.theta);
});

test('rules and optimizers from outside are part of what a resumed run repeats, cut after every step', async () => {
  const options = {
    optimizer: { kind: 'plain-sgd', rate: 0.1, momentum: 0.9 },
    rules: [
      { kind: 'clip-norm', most: 0.5 },
      { kind: 'cooling', rate: 0.01 },
    ],
    parts: fitParts,
  };
  const whole = await trained({}, options);
  const saved: Uint8Array[] = [];
  await trained({}, { ...options, checkpoint: { every: 1, save: (bytes: Uint8Array) => void saved.push(bytes) } });
  assert.is(saved.length, 16);
  for (const resume of saved.slice(0, -1)) {
    assert.equal((await trained({}, { ...options, resume })).theta, whole.theta);
  }
  const other = { ...options, rules: [{ kind: 'clip-norm', most: 0.5 }] };
  await assertRefused(() => trained({}, { ...other, resume: saved[0] }), /plan\.rules/);
});

test('clip-norm holds the gradient at its bound: worked by hand against SGD with the scaled rate', async () => {
  const options = { epochs: 1, batchSize: M, optimizer: { kind: 'sgd', learningRate: 0.5 } };
  const { history, theta, model } = await trained({}, { ...options, rules: [{ kind: 'clip-norm', most: 1e-3 }] });
  const start = await Autoencoder.create({ inputs: D, hidden: 5, precision: 'float64' });
  const before = await start.engine.kernels.copyOut(start.engine.theta);
  const moved = Math.hypot(...theta.map((value, i) => value - before[i]));
  assert.ok(Math.abs(moved - 0.5 * 1e-3) < 1e-12, `θ moved by ${moved}`);
  assert.is(history.length, 1);
  model.dispose();
  assert.equal(
    (await trained({}, { ...options, rules: [{ kind: 'clip-norm', most: 1e9 }] })).theta,
    (await trained({}, options)).theta,
  );
});

test('models with parts from outside are saved by name, and found again where the parts are given', async () => {
  const { model } = await trained({ activation: 'softsign', sparsity: { kind: 'ridge', weight: 0.1 } });
  const bytes = await serializeModel(model);
  const { model: back } = await deserializeModel(bytes, { parts });
  assert.equal((await back.encode(x)).data, (await model.encode(x)).data);
  assert.equal(back.config, model.config);
  await assertRefused(
    () => deserializeModel(bytes),
    /^model file: its config\.(activation|sparsity).*"?(softsign|ridge)/,
  );
  await assertRefused(
    () => deserializeModel(bytes, { parts: { activations: { softsign } } }),
    /sparsity.*ridge.*parts/,
  );
  const classifier = await Classifier.create({ inputs: D, hidden: [4], classes: 2, activation: 'softsign' }, { parts });
  assert.is((await classifier.probabilities(x)).shape[1], 2);
});

test('parts that are none, or bear a name of the tables, are refused with what is needed', async () => {
  const create = (given: unknown, config = {}) =>
    Autoencoder.create({ inputs: D, hidden: 2, ...config }, { parts: given as Parts });
  await assertRefused(() => create({ terms: { kl: ridge } }), /parts\.terms\.kl bears the name of a part/);
  await assertRefused(() => create({ activations: { relu: twin } }), /parts\.activations\.relu bears/);
  await assertRefused(() => create({ penalties: {} }), /parts\.penalties is not known: .*terms/);
  await assertRefused(() => create({ terms: { mine: {} } }), /parts\.terms\.mine has no function create/);
  await assertRefused(() => create({ activations: { f: Math.sin } }), /parts\.activations\.f has no function of/);
  await assertRefused(() => create(7), /parts is 7/);
  await assertRefused(() => create({}, { activation: 'elu' }), /config\.activation is "elu"/);
  await assertRefused(() => create({}, { sparsity: { kind: 'mine' } }), /sparsity.*"mine".*parts/);
  const model = await create({});
  const given = (parts: unknown, options = {}) => fit(model, x, { ...options, parts: parts as FitParts });
  await assertRefused(() => given({ optimizers: { adam: plainSgd } }), /parts\.optimizers\.adam bears/);
  await assertRefused(() => given({ rule: {} }), /parts\.rule is not known: .*rules/);
  await assertRefused(() => given({ rules: { mine: 3 } }), /parts\.rules\.mine has no function create/);
  await assertRefused(
    () => fit(model, x, { rules: [{ kind: 'cooling' }] as never }),
    /options\.rules\.0.*"cooling".*clip-norm/,
  );
  await assertRefused(
    () => fit(model, x, { optimizer: { kind: 'lbfgs', iterations: 2 }, rules: [{ kind: 'clip-norm', most: 1 }] }),
    /options\.rules .* with optimizer lbfgs/,
  );
});

test('a part may bear the name of what every object has', async () => {
  for (const kind of ['toString', 'valueOf', 'hasOwnProperty']) {
    const own = { terms: { [kind]: ridge } } as unknown as Parts;
    const { theta } = await trained({ sparsity: { kind: 'ridge', weight: 0.2 } });
    assert.equal((await trained({ sparsity: { kind, weight: 0.2 } }, {}, own)).theta, theta, kind);
  }
});

test.run();
