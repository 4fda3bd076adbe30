import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Precision, toFlat } from '../../src/array/matrix.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import type { Group } from '../../src/model/group.ts';
import { fit } from '../../src/training/fit.ts';
import type { FitOptions } from '../../src/training/options.ts';
import { assertNear, joined, sharedConfigs } from '../support/shared-latents.ts';
import { splitGroups } from '../support/split-group.ts';
import { randomView } from '../support/views.ts';

// Training a model whose latents 2 and 3 processes share ends where training the whole one does, to rounding.

const [D, H, ROWS] = [9, 21, 23];
const x = randomView(ROWS, D, 'rows', 'float64', 3);
const target = randomView(ROWS, 4, 'rows', 'float64', 4);

async function run(name: string, options: FitOptions, precision: Precision, latents?: Group) {
  const config = sharedConfigs[name];
  const model = await Autoencoder.create({ inputs: D, hidden: H, precision, ...config }, { latents });
  const targets = config.targets === undefined ? {} : { target, validationTarget: target };
  const told: number[] = [];
  const { cost, terms, history } = await fit(model, x, {
    ...{ epochs: 4, batchSize: 10, validation: x, ...targets }, // the last batch has 3 rows
    ...options,
    onProgress: ({ gradientNorm, meanActivation }) => void told.push(gradientNorm, meanActivation),
  });
  const { validation } = history[history.length - 1];
  const kept = { ...(await model.parameters()), ...(await model.engine.state.read()) };
  return { cost, terms, validation, told: { told: Float64Array.from(told) }, kept: kept as never };
}

async function compare(name: string, options: FitOptions, precision: Precision, tolerance: number) {
  const whole = await run(name, options, precision);
  for (const size of [1, 2, 3]) {
    const what = `${name} in ${precision} on ${size}`;
    const parts = await Promise.all(splitGroups(size).map((group) => run(name, options, precision, group)));
    for (const { cost, terms, validation = Number.NaN, told } of parts) {
      assert.is(cost, parts[0].cost);
      assert.ok(Math.abs(cost - whole.cost) <= tolerance * whole.cost, `cost of ${what}: ${cost}, ${whole.cost}`);
      assert.ok(Math.abs(validation - (whole.validation ?? 0)) <= tolerance * validation, `validation of ${what}`);
      for (const [term, value] of Object.entries(whole.terms))
        assert.ok(
          Math.abs((terms as Record<string, number>)[term] - value) <= tolerance * whole.cost,
          `${term}: ${what}`,
        );
      assertNear(told, whole.told, 10 * tolerance, what);
    }
    assertNear(joined(parts.map(({ kept }) => kept)), joined([whole.kept]), 10 * tolerance, what);
  }
  return whole;
}

const adam: FitOptions = { optimizer: { kind: 'adam', learningRate: 0.01 } };
const sgd: FitOptions = {
  optimizer: { kind: 'sgd', learningRate: 0.05, momentum: 0.9 },
  rules: [{ kind: 'clip-norm', most: 0.3 }],
};

for (const name of Object.keys(sharedConfigs)) {
  test(`a run on shared latents ends at the θ and state of the whole one: ${name}`, async () => {
    const { terms } = await compare(name, adam, 'float64', 1e-12);
    if ('auxiliary' in sharedConfigs[name]) assert.ok((terms as { auxiliary?: number }).auxiliary, 'dead units answer');
    await compare(name, sgd, 'float64', 1e-12);
    await compare(name, sgd, 'float32', 1e-5);
  });
}

test('codes, outputs and decoded codes are those of the whole model, after training too', async () => {
  for (const name of Object.keys(sharedConfigs)) {
    const of = async (latents?: Group) => {
      const model = await Autoencoder.create(
        { inputs: D, hidden: H, precision: 'float64', ...sharedConfigs[name] },
        { latents },
      );
      await fit(model, x, { epochs: 3, batchSize: 10, ...(model.config.targets === D ? {} : { target }) });
      const codes = await model.encode(x);
      return { codes, out: await model.reconstruct(x), decoded: await model.decode(codes) };
    };
    const whole = await of();
    for (const size of [2, 3]) {
      const parts = await Promise.all(splitGroups(size).map(of));
      for (let i = 0; i < ROWS; i++) {
        const row = parts.flatMap(({ codes }) => Array.from({ length: codes.shape[1] }, (_, j) => codes.get(i, j)));
        const wanted = Array.from({ length: H }, (_, j) => whole.codes.get(i, j));
        assert.equal(
          row.map((a) => a > 0),
          wanted.map((a) => a > 0),
          `survivors of ${name}, row ${i}`,
        );
        assertNear({ row: Float64Array.from(row) }, { row: Float64Array.from(wanted) }, 1e-11, name);
      }
      for (const { out, decoded } of parts) {
        const found = { out: Float64Array.from(toFlat(out)), decoded: Float64Array.from(toFlat(decoded)) };
        const wanted = { out: Float64Array.from(toFlat(whole.out)), decoded: Float64Array.from(toFlat(whole.decoded)) };
        assertNear(found, wanted, 1e-11, name);
      }
    }
  }
});

test('processes that share latents and are given something else are told apart, before the first step', async () => {
  type Given = { readonly seed?: number; readonly options?: FitOptions; readonly of?: typeof x };
  const fits = async (size: number, given: (rank: number) => Given) =>
    Promise.all(
      splitGroups(size).map(async (latents) => {
        const { seed, options, of = x } = given(latents.rank);
        const sparsity = { kind: 'top-k', k: 3 } as const;
        const model = await Autoencoder.create({ inputs: D, hidden: H, sparsity, seed }, { latents });
        return fit(model, of, { epochs: 1, batchSize: 10, ...options }).then(
          () => 'trained',
          (error: Error) => error.message,
        );
      }),
    );
  const last = (size: number) => (rank: number) => rank === size - 1;
  const other = randomView(ROWS, D, 'rows', 'float64', 5);
  for (const size of [2, 3]) {
    const differs = last(size);
    const cases: [message: string, given: (rank: number) => Given][] = [
      [`the examples of rank ${size - 1} differ`, (rank) => (differs(rank) ? { of: other } : {})],
      [`the options of fit of rank ${size - 1} differ`, (rank) => ({ options: { seed: differs(rank) ? 2 : 1 } })],
      [`the model of rank ${size - 1} differs`, (rank) => ({ seed: differs(rank) ? 2 : 1 })],
    ];
    for (const [message, given] of cases) {
      assert.equal(
        await fits(size, given),
        Array(size).fill(`${message} from rank 0's: all ${size} processes must be started with the same`),
      );
    }
  }
});

test('a signal of one of the processes that share latents ends all after the same step', async () => {
  const controller = new AbortController();
  const steps = [0, 0, 0];
  const ended = await Promise.all(
    splitGroups(3).map(async (latents) => {
      const sparsity = { kind: 'top-k', k: 3 } as const;
      const model = await Autoencoder.create({ inputs: D, hidden: H, sparsity }, { latents });
      const onProgress = () => {
        if (++steps[latents.rank] === 2 && latents.rank === 1) controller.abort();
      };
      const { signal } = controller;
      const own = latents.rank === 1 ? { signal } : {};
      return fit(model, x, { epochs: 3, batchSize: 10, onProgress, ...own }).then(
        () => 'trained',
        ({ name }: Error) => name,
      );
    }),
  );
  assert.equal(ended, Array(3).fill('AbortError'));
  assert.equal(steps, Array(3).fill(steps[1]));
});

test('64 to 4,096 latents, k of 32, after 20 steps: cost and outputs of 2 and 3 processes are those of one, to rounding', async () => {
  const [d, m] = [64, 320];
  const rows = randomView(m, d, 'rows', 'float64', 9);
  for (const [precision, tolerance] of [
    ['float32', 1e-5],
    ['float64', 1e-12],
  ] as const) {
    const of = async (latents?: Group) => {
      const config = { inputs: d, hidden: 4096, sparsity: { kind: 'top-k', k: 32 }, center: true, precision } as const;
      const model = await Autoencoder.create(config, { latents });
      const { cost, steps } = await fit(model, rows, { epochs: 2, batchSize: 32 });
      const out = Float64Array.from(toFlat(await model.reconstruct(rows)));
      model.dispose();
      assert.is(steps, 20);
      return { cost, out };
    };
    const whole = await of();
    for (const size of [2, 3]) {
      for (const { cost, out } of await Promise.all(splitGroups(size).map(of))) {
        const what = `${precision} on ${size}: ${Math.abs(cost - whole.cost) / whole.cost}`;
        assert.ok(Math.abs(cost - whole.cost) <= tolerance * whole.cost, what);
        assertNear({ out }, { out: whole.out }, tolerance, what);
      }
    }
  }
});

test.run();
