import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Kernels } from '../../src/kernels/kernels.ts';
import { autoencoderSpec } from '../../src/model/autoencoder-spec.ts';
import { type AutoencoderConfig, parseConfig } from '../../src/model/config.ts';
import { randomEngine } from '../support/engines.ts';

const [M, D, H, K] = [8, 30, 50, 5];

/** Multiplications of every product, by the kernel's name, as the kernels' operands imply them. */
function counted() {
  const counts: Record<string, number[]> = { gemm: [], addSparseRows: [], sparseDots: [], addSparseOuter: [] };
  const plant = (k: Kernels): Kernels => ({
    ...k,
    gemm(out, a, b, alpha, beta) {
      counts.gemm.push(out.shape[0] * out.shape[1] * a.shape[1]);
      k.gemm(out, a, b, alpha, beta);
    },
    addSparseRows(out, values, indices, rows, lengths) {
      counts.addSparseRows.push(values.shape[0] * values.shape[1] * out.shape[1]);
      k.addSparseRows(out, values, indices, rows, lengths);
    },
    sparseDots(out, dense, indices, rows, lengths) {
      counts.sparseDots.push(out.shape[0] * out.shape[1] * dense.shape[1]);
      k.sparseDots(out, dense, indices, rows, lengths);
    },
    addSparseOuter(out, alpha, values, indices, dense, lengths) {
      counts.addSparseOuter.push(values.shape[0] * values.shape[1] * dense.shape[1]);
      k.addSparseOuter(out, alpha, values, indices, dense, lengths);
    },
  });
  return { counts, plant };
}

const specOf = (extra: Partial<AutoencoderConfig>) =>
  autoencoderSpec(parseConfig({ inputs: D, hidden: H, sparsity: { kind: 'k-sparse', k: K }, ...extra }));

test('costAndGradient multiplies m·k·d to decode, for δ and for both weight gradients; only encoding is dense', async () => {
  for (const tied of [true, false]) {
    const { counts, plant } = counted();
    const { engine, x } = randomEngine(specOf({ tied }), M, plant);
    await engine.costAndGradient(x);
    assert.equal(counts, {
      gemm: [M * H * D], // Z = X·Wᵀ
      addSparseRows: [M * K * D], // X̂ = A·D
      sparseDots: [M * K * D], // Δ₃Dᵀ at the survivors
      addSparseOuter: [M * K * D, M * K * D], // ∇D, then ∇W
    });
  }
});

test('costAndGradient of the dense model multiplies m·h·d five times, which the counting sees', async () => {
  const { counts, plant } = counted();
  const { engine, x } = randomEngine(specOf({ sparsity: null }), M, plant);
  await engine.costAndGradient(x);
  assert.equal(counts, { gemm: Array(5).fill(M * H * D), addSparseRows: [], sparseDots: [], addSparseOuter: [] });
});

test('costAndGradient of a deep model uses the survivors on both sides of a k-sparse layer', async () => {
  const { counts, plant } = counted();
  const spec = specOf({ hidden: [H, 20], sparsity: { kind: 'k-sparse', k: K, layer: 0 }, tied: false });
  const { engine, x } = randomEngine(spec, M, plant);
  await engine.costAndGradient(x);
  const [outer, inner] = [M * H * D, M * 20 * H];
  assert.equal(counts.gemm, [outer, inner, outer, outer, outer, inner, inner]);
  assert.equal(counts.addSparseRows, [M * K * 20]); // the layer above reads the survivors alone
  assert.equal(counts.sparseDots, [M * K * 20]);
  assert.equal(counts.addSparseOuter, [M * K * 20, M * K * D]);
});

test('reconstruct multiplies m·k·d to decode', async () => {
  const { counts, plant } = counted();
  const { engine, x } = randomEngine(specOf({}), M, plant);
  await engine.propagate(x, 0, 2);
  assert.equal([counts.gemm, counts.addSparseRows], [[M * H * D], [M * K * D]]);
});

test.run();
