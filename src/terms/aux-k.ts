import * as v from 'valibot';
import { type Block, matrixView, type View, vectorView } from '../array/matrix.ts';
import { createSilence, LONG_SILENCE } from '../layers/silence.ts';
import { nonNegative, oneOf, positiveInteger } from '../validate.ts';
import type { TermKind } from './term.ts';

/** AuxK: what dead units would add is held against what the living ones leave over. */
export interface AuxKSpec {
  /** Of the auxiliary. */
  readonly kind: 'aux-k';
  /** k_aux: dead units of an example that answer, at most. Default ⌊inputs/2⌋. */
  readonly k?: number | undefined;
  /** α ≥ 0. Default 1/32. */
  readonly weight?: number | undefined;
  /** Examples without a ≠ 0 after which a unit is dead. Default 10,000,000. */
  readonly deadAfter?: number | undefined;
  /** Default paper. */
  readonly variant?: 'paper' | 'openai' | 'saelens' | undefined;
}

/**
 * e = x − x̂ and its mean ē over the batch are numbers, not functions of θ. Of the units that have been silent for
 * `deadAfter` examples, this batch among them, the k′ = min(k_aux, dead) of largest z answer, a = relu(z), ê = a·D, no bias:
 * α Σ‖ê − e‖² / Σ‖e − ē‖² over the batch, without ½. ∂/∂ê = 2α(ê − e)/Σ‖e − ē‖² goes to their D and, where z > 0, to W and b.
 * `openai`: ê + c is held against e + c, the second detached: the value is the same, and c gains the sum of ∂/∂ê.
 * `saelens`: a = z, and α·min(dead/k_aux, 1)·(1/m) Σ‖ê − e‖².
 * [Gao et al. 2024, arXiv 2406.04093, §A.2; openai/sparse_autoencoder; SAELens ≥ 6.36.2]
 */
export const auxK: TermKind<AuxKSpec> = {
  schema: v.strictObject({
    kind: v.literal('aux-k'),
    k: v.optional(positiveInteger()),
    weight: v.optional(nonNegative()),
    deadAfter: v.optional(positiveInteger()),
    variant: v.optional(oneOf(['paper', 'openai', 'saelens'] as const)),
  }),
  flags: {
    k: { flag: '--auxiliary-k <n>', takes: 'whole', says: 'dead units of an example that answer' },
    weight: { flag: '--auxiliary-weight <alpha>', takes: 'number', says: 'α of aux-k', byDefault: 1 / 32 },
    deadAfter: {
      flag: '--dead-after <n>',
      takes: 'whole',
      says: 'examples without firing after which a unit is dead',
      implies: true,
    },
  },
  ofZ: () => ({ whole: false, moves: false }),
  refusesWhole: () => 'config.auxiliary is aux-k, whose units that are dead change from step to step',

  tensors: (_, units) => [
    { name: 'examplesSinceFired', shape: [units], role: 'run-state', range: [0, Number.MAX_VALUE] },
  ],

  create({ k: most, weight = 1 / 32, deadAfter = LONG_SILENCE, variant = 'paper' }, place) {
    const { k, storage, units, output } = place;
    if (output === null) throw new Error('aux-k is asked for below a layer that is no decoder');
    const d = output.rows.shape[1];
    const asked = most ?? Math.max(1, Math.floor(place.weightRows.shape[1] / 2));
    const width = Math.min(units, asked);
    const statistic = vectorView(storage.allocateDoubles(units + d + 1));
    const counts = { ...statistic, shape: [units] };
    const moments = { ...statistic, shape: [d + 1], offset: units };
    const silence = createSilence(place, counts);
    const scale = vectorView(storage.allocateDoubles(1));
    const held = vectorView(storage.allocate(d)); // c as it was found
    const shift = vectorView(storage.allocate(d));
    let buffers: Record<'values' | 'active' | 'indices' | 'lengths' | 'e' | 'eHat' | 'dEHat' | 'delta', Block> | null =
      null;
    let room = 0;

    function reserve(rows: number): NonNullable<typeof buffers> {
      if (buffers !== null && rows <= room) return buffers;
      for (const block of Object.values(buffers ?? {})) storage.release(block);
      const numbers = (n: number) => storage.allocate(rows * n);
      buffers = {
        ...{ values: numbers(width), active: numbers(width), delta: numbers(width) },
        ...{ e: numbers(d), eHat: numbers(d), dEHat: numbers(d) },
        indices: storage.allocateIndices(rows * width),
        lengths: storage.allocateIndices(rows),
      };
      room = rows;
      return buffers;
    }

    return {
      name: 'auxiliary',
      partial: true,
      statistic,
      gather(p) {
        const { target, reconstruction, detached } = p;
        silence.count(p);
        const e = matrixView(reserve(target.shape[0]).e, target.shape[0], d);
        if (!detached.held) k.blend(e, target, 1, reconstruction, -1); // e = x − x̂
        k.residualMoments(moments, e);
      },
      value({ m }) {
        silence.find({ m });
        if (variant === 'saelens') k.silentScale(scale, silence.next, deadAfter, asked, weight, m);
        else k.auxiliaryScale(scale, moments, silence.next, deadAfter, weight, m); // α / Σ‖e − ē‖²
      },
      backward({ results, slot, code: { z, silent }, input, m, detached }) {
        if (variant === 'openai' && !detached.held) k.copy(held, output.bias);
        const [rows] = z.shape;
        const blocks = reserve(rows);
        const view = (block: Block, columns: number): View => matrixView(block, rows, columns);
        const indices = view(blocks.indices, width);
        const lengths = vectorView(blocks.lengths, rows);
        const values = view(blocks.values, width);
        const active = variant === 'saelens' ? values : view(blocks.active, width);
        const [e, eHat, dEHat] = [blocks.e, blocks.eHat, blocks.dEHat].map((block) => view(block, d));
        const delta = view(blocks.delta, width);
        if (!silent?.(values, indices, lengths, silence.next, deadAfter))
          k.selectSilent(values, indices, lengths, z, silence.next, deadAfter);
        if (variant !== 'saelens') k.activate(active, values, place.f); // a = relu(z)
        k.fill(eHat, 0);
        if (variant === 'openai' && detached.held) {
          k.blend(shift, output.bias, 1, held, -1); // c against what it was: 0 but in differences
          k.broadcastRow(eHat, shift);
        }
        k.addSparseRows(eHat, active, indices, output.rows, lengths); // ê = a·D
        k.scaledSquaredError(dEHat, results, slot, eHat, e, scale, m); // s Σ‖ê − e‖²
        k.addSparseOuter(output.dRows, 1 / m, active, indices, dEHat, lengths); // ∇D[t] += (1/m) a_kt ∂/∂ê_k
        if (variant === 'openai') k.addColumnSums(output.dBias, dEHat, 1 / m);
        k.sparseDots(delta, dEHat, indices, output.rows, lengths); // ∂/∂a_kt = ∂/∂ê_k · D[t]
        if (variant !== 'saelens') k.delta(delta, delta, null, active, place.f);
        k.addSparseOuter(place.dWeightRows, 1 / m, delta, indices, input.a, lengths); // ∇W[t] += (1/m) δ_kt x_k
        k.addSparseSums(place.dBias, 1 / m, delta, indices, lengths);
      },
      advance: silence.advance,
    };
  },

  proof: [
    { kind: 'aux-k', k: 2, weight: 0.5, deadAfter: 1 },
    { kind: 'aux-k', k: 2, weight: 0.5, deadAfter: 1, variant: 'openai' },
    { kind: 'aux-k', k: 2, weight: 0.5, deadAfter: 1, variant: 'saelens' },
  ],
};
