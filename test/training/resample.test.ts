import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows, toFlat, type View } from '../../src/array/matrix.ts';
import { createKernels } from '../../src/kernels/create.ts';
import type { CpuKernels, Kernels } from '../../src/kernels/kernels.ts';
import { measure } from '../../src/measures/on-demand.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { type AutoencoderConfig, parseConfig } from '../../src/model/config.ts';
import type { Group } from '../../src/model/group.ts';
import type { Optimizer, OptimizerPlace } from '../../src/optimizers/optimizer.ts';
import { fit } from '../../src/training/fit.ts';
import type { FitOptions } from '../../src/training/options.ts';
import { assertClose } from '../support/close.ts';
import { createDeferredKernels } from '../support/deferred-kernels.ts';
import { assertRefused } from '../support/errors.ts';
import { splitGroups } from '../support/split-group.ts';
import { precisions, randomView } from '../support/views.ts';
import { bitsOf } from './runs.ts';

// Dead units that begin anew, against the rule as it is written: no code of ours says here what is drawn.

const still = { kind: 'sgd', learningRate: 0 } as const;
const relu = { activation: 'relu', output: 'linear', tied: false } as const;

/** A model whose units from `dead` on never fire. */
async function withDead(config: AutoencoderConfig, dead: number, living = 1): Promise<Autoencoder> {
  const model = await Autoencoder.create(config);
  const bias = (await model.parameters())['encoder.bias'];
  for (let j = 0; j < bias.shape[0]; j++) bias.set(j, j < dead ? living : -100);
  model.setParameters({ 'encoder.bias': bias });
  return model;
}

const row = (m: View, j: number): number[] => {
  const flat = toFlat(m as never) as unknown as Float64Array;
  return [...flat.subarray(j * m.shape[1], (j + 1) * m.shape[1])];
};
const norm = (v: readonly number[]) => Math.hypot(...v);

test('a dead unit takes an example less c: D of norm 1, W of a fifth of the mean norm of the living, b = 0', async () => {
  for (const center of [false, true]) {
    const model = await withDead({ inputs: 3, hidden: 6, ...relu, center, seed: 2, precision: 'float64' }, 4);
    const x = randomView(5, 3, 'rows', 'float64', 8);
    model.setParameters({
      'decoder.bias': { data: Float64Array.of(0.5, -0.25, 1), shape: [3], stride: [1], offset: 0 },
    });
    const c = center ? [0.5, -0.25, 1] : [0, 0, 0];
    const before = await model.parameters();
    const rules = [{ kind: 'resample', every: 2 }] as const;
    await fit(model, x, { optimizer: still, epochs: 2, batchSize: 5, rules });
    const after = await model.parameters();
    const living = [0, 1, 2, 3].map((j) => norm(row(before['encoder.weight'], j)));
    const share = (0.2 * living.reduce((a, b) => a + b)) / 4;
    for (let j = 0; j < 6; j++) {
      const [W, D] = ['encoder.weight', 'decoder.weight'].map((name) => row(after[name], j));
      if (j < 4) {
        assert.equal(D, row(before['decoder.weight'], j));
        assert.equal(W, row(before['encoder.weight'], j));
        assert.is(after['encoder.bias'].get(j), 1);
        continue;
      }
      assert.is(after['encoder.bias'].get(j), 0);
      const directions = Array.from({ length: 5 }, (_, i) => {
        const v = row(x, i).map((value, d) => value - c[d]);
        return v.map((value) => value / norm(v));
      });
      assert.ok(
        directions.some((v) => v.every((value, d) => Math.abs(value - D[d]) < 1e-14)),
        `unit ${j} is an example`,
      );
      assertClose(
        W,
        D.map((value) => share * value),
        { rtol: 1e-13, atol: 1e-15 },
      );
    }
  }
});

test('examples are drawn in proportion to the square of their loss, those of the window alone, rows of zeros never', async () => {
  const h = 6000;
  const model = await withDead({ inputs: 2, hidden: h, ...relu, seed: 1, precision: 'float64' }, 0);
  model.setParameters({ 'decoder.bias': { data: Float64Array.of(0.1, 0), shape: [2], stride: [1], offset: 0 } });
  // x̂ = c: L = ‖x − c‖². Sixteen steps of one example; the last two epochs of four are the window.
  const lengths = [1, 1.25, 1.5, 0];
  const x = fromRows(lengths.map((r, i) => [r * Math.cos(i), r * Math.sin(i)]));
  const rules = [{ kind: 'resample', every: 16, examples: 8, deadAfter: 16 }] as const;
  await fit(model, x, { optimizer: still, epochs: 4, batchSize: 1, rules, seed: 3 });
  const D = (await model.parameters())['decoder.weight'];
  const weights = lengths.map((r, i) => (r === 0 ? 0 : ((r * Math.cos(i) - 0.1) ** 2 + (r * Math.sin(i)) ** 2) ** 2));
  const total = weights.reduce((a, b) => a + b);
  const counts = [0, 0, 0, 0];
  for (let j = 0; j < h; j++) {
    const angle = Math.atan2(D.get(j, 1), D.get(j, 0));
    counts[lengths.findIndex((_, i) => Math.abs(angle - i) < 1e-12)]++;
  }
  assert.is(counts[0] + counts[1] + counts[2], h, `${counts}`);
  let chi = 0;
  for (let i = 0; i < 3; i++) chi += (counts[i] - (h * weights[i]) / total) ** 2 / ((h * weights[i]) / total);
  assert.ok(chi < 9.2, `χ² of two degrees of freedom is ${chi}: ${counts}`); // 1% of the time by chance
});

test('what went by before the window is not drawn', async () => {
  const model = await withDead({ inputs: 2, hidden: 500, ...relu, seed: 1, precision: 'float64' }, 0);
  const x = fromRows([
    [1, 0],
    [0, 1],
    [-1, 0],
    [0, -1],
  ]); // prettier: one example a step
  const seen: number[] = [];
  const rule = { kind: 'watch' } as const;
  const watch = {
    create: () => ({
      async after({ pass: { target } }: { pass: { target: View } }) {
        const { data, offset } = target as View<Float64Array>;
        seen.push(Math.atan2(data[offset + 1], data[offset]));
      },
    }),
  };
  const rules = [rule, { kind: 'resample', every: 4, times: 1, examples: 2, deadAfter: 4 }] as never;
  await fit(model, x, { optimizer: still, epochs: 1, batchSize: 1, rules, parts: { rules: { watch } }, seed: 3 });
  const D = (await model.parameters())['decoder.weight'];
  const drawn = new Set(Array.from({ length: 500 }, (_, j) => Math.round(100 * Math.atan2(D.get(j, 1), D.get(j, 0)))));
  assert.equal(
    [...drawn].sort(),
    seen
      .slice(2)
      .map((angle) => Math.round(100 * angle))
      .sort(),
  );
});

/** An optimizer of a caller's own that keeps ones. */
function keeper(withMoments: boolean) {
  let held: View | null = null;
  const create = (_: object, { k, storage, size }: OptimizerPlace): Optimizer => {
    const ones: View = { data: storage.allocate(size), shape: [size], stride: [1], offset: 0 };
    k.fill(ones, 1);
    held = ones;
    return {
      step: async (problem) => ({ evaluation: await problem.evaluate(), converged: null }),
      undo() {},
      state: async () => ({}),
      restore() {},
      ...(withMoments ? { moments: [ones] } : {}),
    };
  };
  return { part: { data: 'batch', create } as never, held: () => held as unknown as View<Float64Array> };
}

test('what the optimizer keeps of D, W and b of a dead unit becomes 0, and of nothing else', async () => {
  const model = await withDead({ inputs: 3, hidden: 4, ...relu, seed: 2, precision: 'float64' }, 3);
  const { part, held } = keeper(true);
  const rules = [{ kind: 'resample', every: 2 }] as const;
  const options = {
    optimizer: { kind: 'keeper' },
    epochs: 2,
    batchSize: 5,
    rules,
    parts: { optimizers: { keeper: part } },
  };
  const kept: number[] = [];
  const onProgress = () => void kept.splice(0, Infinity, ...held().data.subarray(0, 31));
  await fit(model, randomView(5, 3, 'rows', 'float64', 8), { ...options, onProgress } as never);
  const W = [...new Array(9).fill(1), 0, 0, 0];
  const b = [1, 1, 1, 0];
  assert.equal(kept, [...W, ...b, ...W, 1, 1, 1]);
});

test('what it cannot be used with is refused', async () => {
  const x = randomView(5, 3, 'rows', 'float64', 8);
  const rules = [{ kind: 'resample', every: 2 }] as const;
  const refused = async (config: Partial<AutoencoderConfig>, options: object, message: RegExp) => {
    const model = await Autoencoder.create({ inputs: 3, hidden: 4, ...relu, precision: 'float64', ...config });
    await assertRefused(() => fit(model, x, { rules, ...options } as FitOptions), message);
  };
  await refused({ tied: true }, {}, /rule "resample" needs a parameter decoder\.weight/);
  await refused({ targets: 3 }, { target: x }, /rule "resample" gives rows of D the direction of an input.*transcoder/);
  await refused({}, { optimizer: { kind: 'lbfgs', iterations: 3 } }, /options\.rules.*lbfgs/);
  const parts = { optimizers: { keeper: keeper(false).part } };
  await refused({}, { optimizer: { kind: 'keeper' }, parts }, /optimizer "keeper" has no list moments/);
  for (const [key, value] of [
    ['every', 0],
    ['times', 1.5],
    ['deadAfter', -1],
    ['examples', 0],
    ['scale', 0],
  ] as const)
    await refused({}, { rules: [{ kind: 'resample', [key]: value }] }, new RegExp(`options\\.rules\\.0\\.${key}`));
});

const M = 23;
const options: FitOptions = {
  epochs: 5,
  batchSize: 6,
  optimizer: { kind: 'adam', learningRate: 0.01 },
  rules: [{ kind: 'resample', every: 7, examples: 24, deadAfter: 18 }],
};
const configs: Readonly<Record<string, Partial<AutoencoderConfig>>> = {
  'top-k, centred, unit norm': { sparsity: { kind: 'top-k', k: 2 }, center: true, unitNorm: true },
  'l1 by norms': { sparsity: { kind: 'l1', weight: 0.5, decoderNorm: true } },
  gated: { sparsity: { kind: 'gated', weight: 0.5 } },
};

async function run(config: Partial<AutoencoderConfig>, kernels: CpuKernels | Kernels, more: FitOptions = {}) {
  const { precision } = kernels;
  const model = Autoencoder.over(kernels, parseConfig({ inputs: 9, hidden: 21, seed: 4, ...config, precision }));
  const parameters = await model.parameters();
  const name = 'encoder.bias' in parameters ? 'encoder.bias' : 'encoder.gate.bias';
  for (let j = 15; j < 21; j++) parameters[name].set(j, -100); // dead
  model.setParameters({ [name]: parameters[name] });
  const { history } = await fit(model, randomView(M, 9, 'rows', precision, 3), { ...options, ...more });
  return { bits: await bitsOf(model), costs: history.map(({ cost }) => cost) };
}

for (const [name, config] of Object.entries(configs)) {
  test(`threads, late kernels, ranks and cuts change no bit: ${name}`, async () => {
    for (const precision of precisions) {
      const kernels = (threads = 1) => createKernels(precision, { threads });
      const { bits, costs } = await run(config, kernels());
      const without = await run(config, kernels(), { rules: [] });
      assert.not.equal(bits, without.bits, 'units were resampled');
      assert.equal((await run(config, kernels(2))).bits, bits, 'two threads');
      assert.equal((await run(config, createDeferredKernels(kernels()))).bits, bits, 'late kernels');
      const kept: Uint8Array[] = [];
      const checkpoint = { every: 1, save: (bytes: Uint8Array) => void kept.push(bytes) };
      assert.equal((await run(config, kernels(), { checkpoint })).bits, bits, 'checkpoints change nothing');
      for (const [i, resume] of kept.entries()) {
        assert.equal((await run(config, kernels(), { resume })).bits, bits, `resumed after step ${i + 1}`);
      }
      if (precision === 'float32') continue;
      for (const size of [2, 3]) {
        const ranks = await Promise.all(splitGroups(size).map((group: Group) => run(config, kernels(), { group })));
        for (const rank of ranks) {
          assert.equal(rank.bits, ranks[0].bits, 'every rank holds the same');
          assertClose(rank.costs, costs, { rtol: 1e-9 });
        }
      }
    }
  });
}

test('units that were dead fire again, and the error falls', async () => {
  const config = { inputs: 16, hidden: 64, sparsity: { kind: 'top-k', k: 2 }, seed: 1 } as const;
  const x = randomView(400, 16, 'rows', 'float32', 5);
  const trained = async (rules: FitOptions['rules']) => {
    const model = await withDead(config, 8, 0);
    await fit(model, x, { epochs: 30, batchSize: 100, optimizer: { kind: 'adam', learningRate: 0.003 }, rules });
    const { deadUnits } = await measure(model, x);
    return { error: await model.engine.dataTerm(x), dead: deadUnits.length };
  };
  const without = await trained([]);
  const resampled = await trained([{ kind: 'resample', every: 20, deadAfter: 400 }]);
  assert.is(without.dead, 56);
  assert.ok(resampled.dead < 30, `${resampled.dead} dead`);
  assert.ok(resampled.error < 0.8 * without.error, `${resampled.error} beside ${without.error}`);
});

test.run();
