import { type Block, matrixView, transposed, type View, vectorView } from '../array/matrix.ts';
import { type GatedSpec, gated } from '../layers/gated.ts';
import type { TermKind } from './term.ts';

/**
 * What comes with gated units, π = relu(gate): (λ/m) Σₖ Σⱼ πⱼ, by ‖Dⱼ‖ with `decoderNorm`, and (1/m) Σₖ ½‖π·D̄ + c̄ − x‖²,
 * D̄ and c̄ frozen: a gradient for the gate alone, ∂/∂gate = [gate > 0]·((π·D̄ + c̄ − x)·D̄ᵀ + λ). `live`: D and c learn by
 * it too. [Rajamanoharan et al. 2024, arXiv 2404.16014, §3.2; live: SAELens]
 */
export const gatedPenalty: TermKind<GatedSpec> = {
  schema: gated.schema,
  ofZ: () => ({ whole: true, moves: true }),
  refusesWhole: ({ live = false }) =>
    live ? null : 'config.sparsity is gated, whose auxiliary reconstruction holds the decoder where it is',
  /** Of the magnitudes that are on; those of the gates are |z|. */
  kinkDistance: (a) => a.reduce((least, value) => (value === 0 ? least : Math.min(least, value)), Infinity),

  create({ weight, decoderNorm = false, live = false }, place) {
    const { k, storage, units, f, output } = place;
    if (output === null) throw new Error('gated units are asked for below a layer that is no decoder');
    const columns = output.rows.shape[1];
    const squares = vectorView(storage.allocate(units));
    const pull = vectorView(storage.allocate(units));
    let buffers: { pi: Block; dPi: Block; hat: Block; error: Block } | null = null;
    let held: { rows: View; bias: View } | null = null; // D̄ and c̄ while differences are taken
    let room = 0;
    return {
      name: 'sparsity',
      backward({ results, slot, code: { z }, dZ, target, m, detached, moment }) {
        if (dZ === null) return;
        const [rows] = z.shape;
        if (buffers === null || rows > room) {
          for (const block of Object.values(buffers ?? {})) storage.release(block);
          const numbers = (n: number) => storage.allocate(rows * n);
          buffers = { pi: numbers(units), dPi: numbers(units), hat: numbers(columns), error: numbers(columns) };
          room = rows;
        }
        if (detached.kept && !detached.held && !live) {
          held ??= {
            rows: matrixView(storage.allocate(units * columns), units, columns),
            bias: vectorView(storage.allocate(columns)),
          };
          k.copy(held.rows, output.rows);
          k.copy(held.bias, output.bias);
        }
        const { rows: D, bias: c } = detached.held && held !== null ? held : output;
        const pi = matrixView(buffers.pi, rows, units);
        const dPi = matrixView(buffers.dPi, rows, units);
        const hat = matrixView(buffers.hat, rows, columns);
        const error = matrixView(buffers.error, rows, columns);
        k.activate(pi, z, f); // π = relu(gate)
        k.broadcastRow(hat, c);
        k.gemm(hat, pi, D, 1, 1); // π·D̄ + c̄
        k.squaredError(error, results, slot, hat, target, null, m);
        k.gemm(dPi, error, transposed(D), 1, 0);
        if (decoderNorm) {
          k.rowSquaredNorms(squares, output.rows);
          k.normWeightedL1(dPi, pull, results, slot, pi, squares, weight * moment.penalty, m);
          k.addScaledRows(output.dRows, pull, output.rows);
        } else {
          k.l1Sparsity(dPi, results, slot, pi, weight * moment.penalty, m);
        }
        k.maskPositive(dPi, dPi, z);
        k.axpy(dZ, 1, dPi);
        if (live) {
          k.gemm(output.dRows, transposed(pi), error, 1 / m, 1);
          k.addColumnSums(output.dBias, error, 1 / m);
        }
      },
    };
  },
};
