import ndarray from 'ndarray';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { auxiliary } from '../../docs/site/figures/aux-k.ts';
import { batch, selections } from '../../docs/site/figures/batch-top-k.ts';
import { onShares } from '../../docs/site/figures/centering.ts';
import { examples, jacobian, left, reconstructed } from '../../docs/site/figures/contraction.ts';
import { models } from '../../docs/site/figures/contraction-models.ts';
import { entropyOf } from '../../docs/site/figures/cross-entropy.ts';
import { penalties } from '../../docs/site/figures/decoder-norms.ts';
import { deltas } from '../../docs/site/figures/deep.ts';
import { leaves, masked } from '../../docs/site/figures/denoising.ts';
import { gatedOf } from '../../docs/site/figures/gated.ts';
import { estimates, jumpReluOf, l0Of } from '../../docs/site/figures/jump-relu.ts';
import { preActivations, survivors } from '../../docs/site/figures/k-sparse.ts';
import { klOf } from '../../docs/site/figures/kl-sparsity.ts';
import { descent, slopes } from '../../docs/site/figures/l1-sparsity.ts';
import { pass } from '../../docs/site/figures/overview.ts';
import { prefix, signal } from '../../docs/site/figures/prefixes.ts';
import { chances, drawn } from '../../docs/site/figures/resampling.ts';
import { softmaxOf } from '../../docs/site/figures/softmax.ts';
import { lossOf } from '../../docs/site/figures/squared-error.ts';
import { untied } from '../../docs/site/figures/tied-weights.ts';
import { topKOf } from '../../docs/site/figures/top-k.ts';
import { outputs, target, transcoder } from '../../docs/site/figures/transcoders.ts';
import { stepOf } from '../../docs/site/figures/unit-norm.ts';
import { costs, least } from '../../docs/site/figures/weight-decay.ts';
import { fromRows } from '../../src/array/matrix.ts';
import { activations } from '../../src/kernels/activations/table.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';

// What the figures of the derivation draw, against formulas written down here.

function near(actual: number, expected: number, within = 1e-9): void {
  assert.ok(Math.abs(actual - expected) <= within * Math.max(1, Math.abs(expected)), `${actual}, not ${expected}`);
}
const sum = (values: readonly number[]) => values.reduce((total, one) => total + one, 0);
const sigma = (z: number) => 1 / (1 + Math.exp(-z));

test('kl-sparsity: KL(ρ‖ρ̂) and its derivative', () => {
  for (const [rho, r] of [
    [0.1, 0.4],
    [0.3, 0.05],
    [0.2, 0.2],
  ]) {
    const { value, slope } = klOf(rho, r);
    near(value, rho * Math.log(rho / r) + (1 - rho) * Math.log((1 - rho) / (1 - r)));
    near(slope, -rho / r + (1 - rho) / (1 - r));
  }
  near(klOf(0.1, 0.4).value, 0.226289, 1e-6); // the page's own example
});

test('l1-sparsity: steps of one size to 0, and shares that never reach it', () => {
  assert.equal(slopes(0.3), { l1: 1, l2: 0.3 });
  const l1 = descent(1, 0.3, (a) => slopes(a).l1);
  const l2 = descent(1, 0.3, (a) => slopes(a).l2);
  [1, 0.7, 0.4, 0.1, 0, 0].forEach((a, t) => {
    near(l1[t], a);
  });
  for (let t = 0; t < 30; t++) near(l2[t], 0.7 ** t);
});

test('denoising: exactly round(νd) pixels are 0, the others as they were; another epoch masks others', () => {
  for (const fraction of [0, 0.25, 0.5, 1]) {
    const { x, mask } = masked(fraction, 3);
    assert.is(sum(Array.from(mask)), Math.round(fraction * 144));
    x.forEach((pixel, p) => {
      assert.is(pixel, mask[p] === 1 ? 0 : leaves()[p]);
    });
  }
  assert.not.equal(Array.from(masked(0.25, 0).mask), Array.from(masked(0.25, 1).mask));
});

test('k-sparse and top-k: the largest signed z; TopK only those above 0', () => {
  const z = preActivations(0);
  const order = z.map((_, j) => j).sort((i, j) => z[j] - z[i]);
  const { a, indices } = survivors(z, 25);
  assert.equal(
    indices,
    order.slice(0, 25).sort((i, j) => i - j),
  );
  a.forEach((one, j) => {
    assert.is(one, indices.includes(j) ? z[j] : 0);
  });
  assert.equal(topKOf([0.5, -2, 0.3, -0.1], 3), [0.5, 0, 0.3, 0]);
  assert.equal(topKOf([0.5, 2, 0.3, 0.1], 2), [0.5, 2, 0, 0]);
});

test('batch-top-k: k·m survivors of the batch, and k of each row', () => {
  const { each, all, lengths, least: bound } = selections(3, 0);
  const z = Array.from(batch(0).data).sort((p, q) => q - p);
  assert.is(bound, z[35]);
  assert.is(all.data.filter((one) => one > 0).length, 36);
  assert.is(sum(lengths), 36);
  for (let i = 0; i < 12; i++) assert.ok(each.data.subarray(16 * i, 16 * i + 16).filter((one) => one > 0).length <= 3);
});

test('squared-error and cross-entropy: loss and δ', () => {
  const { sigmoid, linear } = activations;
  const s = lossOf(sigmoid, -3, 1);
  near(s.loss, (sigma(-3) - 1) ** 2 / 2);
  near(s.delta, (sigma(-3) - 1) * sigma(-3) * (1 - sigma(-3)));
  assert.equal(lossOf(linear, 3, 1), { loss: 2, delta: 2 });
  const e = entropyOf(-4, 0.25);
  near(e.loss, -0.25 * Math.log(sigma(-4)) - 0.75 * Math.log(1 - sigma(-4)));
  near(e.delta, sigma(-4) - 0.25);
});

test('softmax: p, −log p₀, p − y', () => {
  const z = [1, 2, 0];
  const p = z.map((one) => Math.exp(one) / sum(z.map(Math.exp)));
  const { p: ours, delta, loss } = softmaxOf(z);
  p.forEach((one, j) => {
    near(ours[j], one);
  });
  near(loss, -Math.log(p[0]));
  p.forEach((one, j) => {
    near(delta[j], one - Number(j === 0));
  });
});

test('tied-weights: ∂L/∂W = (DW − 1)D, ∂L/∂D = (DW − 1)W', () => {
  const { loss, dW, dD } = untied(0.6, 0.9);
  near(loss, (0.54 - 1) ** 2 / 2);
  near(dW, -0.46 * 0.9);
  near(dD, -0.46 * 0.6);
});

test('weight-decay: costs, and where they are least', () => {
  const { data, l2, l1 } = costs(-0.5, 0.4);
  near(data, 1.125);
  near(l2, 1.125 + 0.05);
  near(l1, 1.125 + 0.2);
  for (const [which, w] of [
    ['l2', least.l2(0.4)],
    ['l1', least.l1(0.4)],
    ['l1', least.l1(1.3)],
  ] as const) {
    const weight = w === 0 ? 1.3 : 0.4;
    for (const off of [-1e-3, 1e-3]) assert.ok(costs(w + off, weight)[which] > costs(w, weight)[which]);
  }
});

test('deep: a layer of sigmoid units shrinks δ by at least 4/s', () => {
  const sizes = deltas('sigmoid', 6, 1);
  assert.is(sizes.length, 6);
  for (let l = 1; l < 6; l++) assert.ok(sizes[l] - sizes[l - 1] > Math.log10(3), `${sizes}`);
  assert.ok(deltas('tanh', 6, 1)[0] > sizes[0] + 1);
});

test('jump-relu and gated: a, and the estimates of the window', () => {
  assert.equal(
    [0.6, 0.7, 0.8].map((z) => jumpReluOf(z, 0.7)),
    [0, 0, 0.8],
  );
  assert.equal(
    [0.6, 0.8].map((z) => l0Of(z, 0.7)),
    [0, 1],
  );
  const inside = estimates(0.6, 0.7, 0.4);
  near(inside.l0, -1 / 0.4);
  near(inside.loss, -0.7 / 0.4);
  assert.equal(estimates(0.95, 0.7, 0.4), { l0: 0, loss: 0 });
  const numbers = { gateBias: -1, magnitudeBias: 0.2, scale: 0.5 };
  near(gatedOf(1.5, numbers).a, Math.exp(0.5) * 1.5 + 0.2);
  assert.is(gatedOf(0.9, numbers).a, 0);
});

test('aux-k: α Σ‖ê − e‖² / Σ‖e − ē‖², 0.. where the dead units have learned all', () => {
  const { e, eHat, term } = auxiliary(4, 0.5);
  const [m, d] = e.shape;
  const mean = Array.from({ length: d }, (_, i) => sum(Array.from({ length: m }, (_, k) => e.data[k * d + i])) / m);
  const error = sum(Array.from(e.data, (one, p) => (eHat.data[p] - one) ** 2));
  near(term, error / sum(Array.from(e.data, (one, p) => (one - mean[p % d]) ** 2)) / 32);
  near(auxiliary(6, 1).term, 0, 1e-12);
});

test('centering: uncentred some units are dead, about the mean none', () => {
  assert.ok(onShares(0).shares.filter((one) => one === 0).length > 2);
  const { shares, centred } = onShares(1);
  assert.ok(Math.min(...shares) > 0 && Math.max(...shares) < 1);
  near(sum(centred.map(([x]) => x)), 0, 1e-9);
});

test('decoder-norms: L1 falls as 1/s, weighted by the norms it does not', () => {
  for (const s of [0.5, 1, 3]) {
    const { plain, weighted, xHat } = penalties(s);
    near(plain, 2.1 / s);
    near(weighted, 2.1);
    near(xHat[0], 1.2 * 0.6 + 0.3 * 0.8);
  }
});

test('unit-norm: the tangent part, and norm 1 again', () => {
  const { projected, stepped, after } = stepOf([0.6, 0.8], [1, 0]);
  near(projected[0], 1 - 0.36);
  near(projected[1], -0.48);
  near(stepped[0], 0.6 - 0.64);
  near(Math.hypot(...after), 1);
});

test('prefixes: losses fall, and the whole of a signal’s energy is theirs', () => {
  const losses = Array.from({ length: 16 }, (_, j) => prefix(j + 1).loss);
  for (let w = 1; w < 16; w++) assert.ok(losses[w] <= losses[w - 1]);
  const { xHat, loss } = prefix(5);
  near(loss, sum(xHat.map((one, i) => (one - signal[i]) ** 2)) / 2);
});

test('resampling: chances sum to 1, and draws follow them', () => {
  const { p } = chances();
  near(sum(p), 1);
  const unknown = p.map((_, i) => i).filter((i) => i % 3 === 2);
  assert.ok(sum(unknown.map((i) => p[i])) > 0.9);
  const draws = Array.from({ length: 200 }, (_, n) => drawn(p, n));
  assert.ok(draws.filter((i) => unknown.includes(i)).length > 170);
  assert.equal(
    [0, 1, 2].map((i) => drawn([0, 1, 0], i)),
    [1, 1, 1],
  );
});

test('transcoders: ŷ meets y where units begin, with any skip path', () => {
  for (const skip of [0, 0.8]) {
    const model = transcoder(4, skip);
    [-2, -1, 0, 1, 2].forEach((x) => {
      near(outputs(model, [x])[0], target(x));
    });
    near(outputs(model, [0.5])[0], (target(0) + target(1)) / 2);
  }
});

test('index: the gradient of the whole pass is the model’s', async () => {
  const { loss, dW, dD, delta2, delta3 } = pass([1, 0.35]);
  const model = await Autoencoder.create({ inputs: 2, hidden: 2, precision: 'float64' }, { threads: 1 });
  model.setParameters({
    'encoder.weight': fromRows([
      [1, -0.5],
      [0.5, 1],
    ]),
    'encoder.bias': ndarray(Float64Array.of(0.2, -0.4), [2]),
    'decoder.weight': fromRows([
      [1.5, -1],
      [0.5, 2],
    ]),
    'decoder.bias': ndarray(Float64Array.of(-0.5, 0.1), [2]),
  });
  const { cost, gradient } = await model.costAndGradient(fromRows([[1, 0.35]]));
  near(loss, cost, 1e-6);
  const pairs = [
    [dW, 'encoder.weight'],
    [dD, 'decoder.weight'],
  ] as const;
  for (const [ours, name] of pairs)
    ours.data.forEach((one, p) => {
      near(one, gradient[name].get(p >> 1, p % 2), 1e-6);
    });
  delta2.data.forEach((one, p) => {
    near(one, gradient['encoder.bias'].get(p), 1e-6);
  });
  delta3.data.forEach((one, p) => {
    near(one, gradient['decoder.bias'].get(p), 1e-6);
  });
});

test('contraction: the models are least points of their own cost, which κ orders', async () => {
  let before = Number.POSITIVE_INFINITY;
  for (const { kappa, weight, bias, output } of models) {
    const model = await Autoencoder.create(
      { inputs: 2, hidden: 6, tied: true, output: 'linear', contraction: kappa, precision: 'float64' },
      { threads: 1 },
    );
    model.setParameters({
      'encoder.weight': fromRows(weight),
      'encoder.bias': ndarray(Float64Array.from(bias), [6]),
      'decoder.bias': ndarray(Float64Array.from(output), [2]),
    });
    const x = examples();
    const { terms, gradient } = await model.costAndGradient(x);
    const largest = Math.max(...Object.values(gradient).flatMap(({ data }) => Array.from(data, Math.abs)));
    assert.ok(largest < 5e-3, `κ = ${kappa}: a derivative of ${largest}`);
    const one = models[models.findIndex((each) => each.kappa === kappa)];
    near(kappa * jacobian(one), terms.contraction, 1e-9);
    assert.ok(jacobian(one) < before);
    before = jacobian(one);
    const xHat = await model.reconstruct(x);
    reconstructed(one, x).points.forEach(([p, q], i) => {
      near(p, xHat.get(i, 0));
      near(q, xHat.get(i, 1));
    });
  }
  const last = models[models.length - 1];
  assert.ok(left(last, 'across') < left(last, 'along') && left(models[0], 'across') > 0.9);
});

test.run();
