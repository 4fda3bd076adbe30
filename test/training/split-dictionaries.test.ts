import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Matrix, matrix, toFlat } from '../../src/array/matrix.ts';
import { createKernels } from '../../src/kernels/create.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { autoencoderSpec } from '../../src/model/autoencoder-spec.ts';
import { type AutoencoderConfig, parseConfig } from '../../src/model/config.ts';
import type { Group } from '../../src/model/group.ts';
import { createLayout } from '../../src/model/parameters.ts';
import { INPUTS } from '../../src/proof/gradient-cases.ts';
import { compareGradients } from '../../src/proof/gradient-check.ts';
import { fit } from '../../src/training/fit.ts';
import { assertClose } from '../support/close.ts';
import { dictionaries } from '../support/dictionaries.ts';
import { dictionaryCases, evaluateCase } from '../support/dictionary-cases.ts';
import { splitGroups } from '../support/split-group.ts';
import { place, randomView, uniforms } from '../support/views.ts';

// Today's dictionaries on 1, 2 and 3 ranks: one batch, one selection, one set of counters.

const SIZES = [1, 2, 3];
const M = 7;
const examples = matrix(uniforms(M * INPUTS, 9, 0.1, 0.9), M, INPUTS);

test('cost, terms, gradient, codes and state of every case are those of the whole batch', async () => {
  let count = 0;
  for (const given of dictionaryCases()) {
    count++;
    const whole = await evaluateCase(given, createKernels('float64'), examples);
    const most = Math.abs(whole.cost);
    for (const size of SIZES) {
      const what = `${given.name} on ${size} ranks`;
      const ranks = await Promise.all(
        splitGroups(size).map((group) => evaluateCase(given, createKernels('float64'), examples, group)),
      );
      for (const { cost, terms, gradientNorm, gradient, state } of ranks) {
        assert.ok(Math.abs(cost - whole.cost) <= 1e-12 * most, `cost of ${what}`);
        for (const [name, value] of Object.entries(whole.terms))
          assert.ok(Math.abs(terms[name] - value) <= 1e-12 * most, `${name} of ${what}`);
        assert.ok(Math.abs(gradientNorm - whole.gradientNorm) <= 1e-12 * whole.gradientNorm, `‖g‖ of ${what}`);
        assert.ok(compareGradients(gradient, whole.gradient).normRelativeError < 1e-12, `gradient of ${what}`);
        assert.equal(gradient, ranks[0].gradient, `every rank holds the same bits: ${what}`);
        assert.equal(state, whole.state, `state of ${what}`);
      }
      const codes = ranks.flatMap((rank) => [...rank.codes]);
      assert.equal(codes, [...whole.codes], `codes of ${what}`);
    }
  }
  assert.ok(count > 250, `${count}`);
});

/** What survives of x itself: W = D = 1. */
async function survivors(k: number, x: Matrix, size: number): Promise<number[]> {
  const h = x.shape[1];
  const sparsity = { kind: 'batch-top-k', k } as const;
  const spec = autoencoderSpec(parseConfig({ inputs: h, hidden: h, precision: 'float64', sparsity }));
  const { Engine, evaluate, firstRows } = await import('../../src/model/engine.ts');
  const { Loader } = await import('../../src/model/load.ts');
  const { shareOf } = await import('../../src/model/group.ts');
  const of = async (group: Group) => {
    const engine = new Engine(createKernels('float64'), spec, new Float64Array(createLayout(spec.parameters).length));
    const one = Array.from({ length: h * h }, (_, i) => Number(i % (h + 1) === 0));
    for (const name of ['encoder.weight', 'decoder.weight']) engine.kernels.write(engine.parameter(name), one);
    const network = engine.createNetwork();
    const own = shareOf(firstRows(x.shape[0]), group);
    const pass = new Loader(network).load(x, own, 0, undefined, own, x.shape[0]);
    await evaluate(network, pass, { group });
    network.advance();
    const [threshold] = toFlat((await engine.state.read())['code.threshold']);
    return { codes: [...(await engine.kernels.copyOut(pass.layers[0].code.a))], threshold };
  };
  const ranks = await Promise.all(splitGroups(size).map(of));
  const left = ranks.flatMap(({ codes }) => codes).filter((a) => a > 0);
  for (const { threshold } of ranks) assert.is(threshold, left.length === 0 ? 0 : Math.min(...left));
  return ranks.flatMap(({ codes }) => codes);
}

test('batch-top-k keeps the same survivors on any number of ranks, ties included', async () => {
  const draw = uniforms(12 * 5, 6);
  const batches: Record<string, Matrix> = {
    'no two equal': matrix(draw, 12, 5),
    'five values': place(12, 5, 'rows', 'float64', (i, j) => Math.round(2 * draw[5 * i + j]) / 2),
    'all equal': place(12, 5, 'rows', 'float64', () => 0.25),
    'none above 0': place(12, 5, 'rows', 'float64', (i) => -i),
    'all in one row': place(12, 5, 'rows', 'float64', (i, j) => (i === 7 ? 1 + j : -1)),
    'huge and tiny': place(12, 5, 'rows', 'float64', (i, j) => [1e300, 5e-324, 1, 1e-300, 1][(i + j) % 5]),
    'two rows': place(2, 5, 'rows', 'float64', () => 1), // of three ranks one has none
  };
  for (const [name, x] of Object.entries(batches)) {
    const [m] = x.shape;
    for (const k of [0.05, 0.5, 1, 1.25, 2.5, 4.9, 5]) {
      const whole = await survivors(k, x, 1);
      const positive = toFlat(x).filter((value) => value > 0).length;
      const kept = whole.filter((a) => a > 0).length;
      assert.is(kept, Math.min(positive, Math.floor(k * m + 1e-9)), `${name}, k = ${k}`);
      for (const size of [2, 3, 5])
        assert.equal(await survivors(k, x, size), whole, `${name}, k = ${k}, ${size} ranks`);
    }
  }
});

const ROWS = 23;
const x = randomView(ROWS, 9, 'rows', 'float64', 3);

async function run(config: Partial<AutoencoderConfig>, batchSize: number, group?: Group) {
  const model = await Autoencoder.create({ inputs: 9, hidden: 21, precision: 'float64', ...config });
  const apart = config.targets !== undefined || config.skip;
  const target = apart ? randomView(ROWS, config.targets ?? 9, 'rows', 'float64', 4) : undefined;
  const optimizer = { kind: 'adam', learningRate: 0.01 } as const;
  const { cost } = await fit(model, x, { epochs: 3, batchSize, optimizer, target, validation: x, ...checked(), group });
  const state = await model.engine.state.read();
  return { cost, theta: await model.engine.kernels.copyOut(model.engine.theta), state };

  function checked() {
    return target === undefined ? {} : { validationTarget: target };
  }
}

for (const [name, config] of Object.entries(dictionaries)) {
  test(`a run ends at the same θ and state, with a last batch of one row too: ${name}`, async () => {
    for (const batchSize of [10, 11]) {
      const whole = await run(config, batchSize);
      for (const size of SIZES) {
        const ranks = await Promise.all(splitGroups(size).map((group) => run(config, batchSize, group)));
        for (const { cost, theta, state } of ranks) {
          assert.equal(theta, ranks[0].theta);
          assert.equal(state, ranks[0].state);
          assert.ok(Math.abs(cost - whole.cost) <= 1e-9 * Math.abs(whole.cost), `${cost} and ${whole.cost}`);
          assert.ok(compareGradients(theta, whole.theta).normRelativeError < 1e-9, `${size} ranks`);
          for (const [key, value] of Object.entries(whole.state))
            assertClose(toFlat(state[key]), toFlat(value), { rtol: 1e-9, atol: 0 });
        }
      }
    }
  });
}

test.run();
