import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix, rowRange, vector } from '../../src/array/matrix.ts';
import { fillUniform, stream } from '../../src/array/random.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import { checkGradient } from '../../src/proof/gradient-check.ts';
import { fit } from '../../src/training/fit.ts';
import { deserializeModel, serializeModel } from '../../src/training/model-file.ts';
import { assertClose } from '../support/close.ts';
import { assertRefused } from '../support/errors.ts';

// KL with a running average r of ρ̂: the first state beside θ.

const [M, D, H] = [24, 6, 4];
const x = matrix(fillUniform(new Float64Array(M * D), { seed: 8, stream: stream.testing }, 0.1, 0.9), M, D);
const [RHO, BETA, GAMMA] = [0.1, 2, 0.9];
const NAME = 'code.averageActivation';
const config = (extra: Partial<AutoencoderConfig> = {}): AutoencoderConfig => ({
  inputs: D,
  hidden: H,
  precision: 'float64',
  sparsity: { kind: 'kl', target: RHO, weight: BETA, average: GAMMA },
  ...extra,
});
const kl = (r: number) => RHO * Math.log(RHO / r) + (1 - RHO) * Math.log((1 - RHO) / (1 - r));
const columnMeans = (codes: { readonly data: ArrayLike<number> }) =>
  Array.from({ length: H }, (_, j) => {
    let sum = 0;
    for (let k = 0; k < M; k++) sum += codes.data[k * H + j];
    return sum / M;
  });

test('the average begins at ρ, and the term is KL at γr + (1−γ)ρ̂', async () => {
  const model = await Autoencoder.create(config());
  assertClose((await model.state())[NAME], new Array(H).fill(RHO), { rtol: 0, atol: 0 });
  const r = [0.3, 0.05, 0.5, 0.11];
  model.setState({ [NAME]: vector(Float64Array.from(r)) });
  const rho = columnMeans(await model.encode(x));
  const { terms } = await model.costAndGradient(x);
  const level = rho.map((mean, j) => GAMMA * r[j] + (1 - GAMMA) * mean);
  assertClose([terms.sparsity], [BETA * level.reduce((sum, each) => sum + kl(each), 0)], { rtol: 1e-12 });
  assertClose((await model.state())[NAME], r, { rtol: 0, atol: 0 }); // costAndGradient moves nothing
});

test('its gradient is that of CS294A at the average, and central differences with the offset held agree', async () => {
  for (const activation of ['sigmoid', 'tanh'] as const) {
    const model = await Autoencoder.create(config({ activation, weightDecay: 1e-3 }));
    model.setState({ [NAME]: vector(Float64Array.of(0.3, 0.05, 0.5, 0.11)) });
    assert.ok((await checkGradient(model, x)).normRelativeError < 1e-8);
  }
  // By hand: ∇b_j of the term alone is (1/m) Σₖ push_j f′(z_kj), push = β(−ρ/r + (1−ρ)/(1−r)).
  const model = await Autoencoder.create(config());
  const plain = await Autoencoder.create(config({ sparsity: null }));
  const bias = async (each: Autoencoder) =>
    (await each.costAndGradient(x)).gradient['encoder.bias'].data.slice(D * H, D * H + H);
  const codes = await model.encode(x);
  const means = columnMeans(codes);
  const expected = means.map((mean, j) => {
    const r = GAMMA * RHO + (1 - GAMMA) * mean;
    let slopes = 0;
    for (let k = 0; k < M; k++) slopes += (codes.get(k, j) * (1 - codes.get(k, j))) / M;
    return BETA * (-RHO / r + (1 - RHO) / (1 - r)) * slopes;
  });
  const [withTerm, without] = [await bias(model), await bias(plain)];
  assertClose(
    withTerm.map((value, j) => value - without[j]),
    expected,
    { rtol: 1e-10, atol: 1e-14 },
  );
});

test('fit moves the average by each batch, which holds ρ̂ steadier than the batch alone does', async () => {
  const model = await Autoencoder.create(config());
  await fit(model, x, { epochs: 1, batchSize: M, optimizer: { kind: 'sgd', learningRate: 0 } });
  const means = columnMeans(await model.encode(x));
  assertClose(
    (await model.state())[NAME],
    means.map((mean) => GAMMA * RHO + (1 - GAMMA) * mean),
    { rtol: 1e-12 },
  );
});

test('the average is saved with the model, and resumed runs repeat it to the bit', async () => {
  const options = { epochs: 3, batchSize: 7, optimizer: { kind: 'adam', learningRate: 1e-2 } } as const;
  for (const precision of ['float32', 'float64'] as const) {
    const whole = await Autoencoder.create(config({ precision }), { deterministic: true });
    const saved: Uint8Array[] = [];
    await fit(whole, x, { ...options, checkpoint: { every: 1, save: (bytes) => void saved.push(bytes) } });
    const state = (await whole.state())[NAME].data;
    for (const resume of saved.slice(0, -1)) {
      const model = await Autoencoder.create(config({ precision }), { deterministic: true });
      await fit(model, x, { ...options, resume });
      assert.equal(
        await model.engine.kernels.copyOut(model.engine.theta),
        await whole.engine.kernels.copyOut(whole.engine.theta),
      );
      assert.equal((await model.state())[NAME].data, state);
    }
    const { model: back } = await deserializeModel(await serializeModel(whole), { deterministic: true });
    assert.equal((await back.state())[NAME].data, state);
    assert.equal((await back.costAndGradient(x)).cost, (await whole.costAndGradient(x)).cost);
  }
});

test('state of another name or shape is refused, and nothing is changed; L-BFGS is refused', async () => {
  const model = await Autoencoder.create(config());
  await assertRefused(
    () => model.setState({ theta: vector(new Float64Array(1)) }),
    /state "theta" is unknown: .*averageActivation/,
  );
  await assertRefused(
    () => model.setState({ [NAME]: vector(new Float64Array(3)) }),
    /has shape \(3\): it must be \(4\)/,
  );
  await assertRefused(
    () => model.setState({ [NAME]: vector(new Float64Array(4).fill(Number.NaN)) }),
    /holds NaN at index 0/,
  );
  await assertRefused(() => model.setState(null as never), /state is null/);
  assertClose((await model.state())[NAME], new Array(H).fill(RHO), { rtol: 0, atol: 0 });
  await assertRefused(
    () => fit(model, x, { optimizer: { kind: 'lbfgs', iterations: 2 } }),
    /^config\.sparsity\.average is 0\.9, which moves the cost.*optimizer lbfgs asks for the same cost at every step/,
  );
  const plain = await Autoencoder.create(config({ sparsity: null }));
  assert.equal(await plain.state(), {});
  await fit(plain, rowRange(x, 0, 5), { epochs: 1 });
});

test.run();
