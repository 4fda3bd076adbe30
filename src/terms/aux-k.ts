import * as v from 'valibot';
import { type Block, matrixView, type View, vectorView } from '../array/matrix.ts';
import type { Latents } from '../layers/latents.ts';
import { createSilence, LONG_SILENCE } from '../layers/silence.ts';
import { nonNegative, oneOf, positiveInteger } from '../validate.ts';
import type { TermKind, TermPass } from './term.ts';

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
    const { k, storage, units, output, latents } = place;
    if (output === null) throw new Error('aux-k is asked for below a layer that is no decoder');
    const first = latents === null || latents.rank === 0; // what all have counts once
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

    const scaleBy = (silence: View, m: number) => {
      if (variant === 'saelens') k.silentScale(scale, silence, deadAfter, asked, weight, m);
      else k.auxiliaryScale(scale, moments, silence, deadAfter, weight, m); // α / Σ‖e − ē‖²
    };

    /** Views for so many rows. */
    function viewsOf(rows: number) {
      const blocks = reserve(rows);
      const view = (block: Block, columns: number): View => matrixView(block, rows, columns);
      const values = view(blocks.values, width);
      return {
        values,
        indices: view(blocks.indices, width),
        lengths: vectorView(blocks.lengths, rows),
        active: variant === 'saelens' ? values : view(blocks.active, width),
        e: view(blocks.e, d),
        eHat: view(blocks.eHat, d),
        dEHat: view(blocks.dEHat, d),
        delta: view(blocks.delta, width),
      };
    }

    /** The dead units that answer, of those of this process. */
    function select({ code: { z, silent } }: Pick<TermPass, 'code'>): void {
      const { values, indices, lengths } = viewsOf(z.shape[0]);
      if (!silent?.(values, indices, lengths, silence.next, deadAfter))
        k.selectSilent(values, indices, lengths, z, silence.next, deadAfter);
    }

    /** ê = a·D. */
    const reconstruct = ({ code: { z }, detached }: Pick<TermPass, 'code' | 'detached'>) => {
      const { values, indices, lengths, active, eHat } = viewsOf(z.shape[0]);
      if (variant === 'openai' && !detached.held) k.copy(held, output.bias);
      if (variant !== 'saelens') k.activate(active, values, place.f); // a = relu(z)
      k.fill(eHat, 0);
      if (variant === 'openai' && detached.held) {
        k.blend(shift, output.bias, 1, held, -1); // c against what it was: 0 but in differences
        if (first) k.broadcastRow(eHat, shift);
      }
      k.addSparseRows(eHat, active, indices, output.rows, lengths); // ê = a·D
    };

    let answers = false;
    const dead = latents && vectorView(storage.allocateDoubles(Math.min(asked, latents.all))); // a number for each that counts

    /** Where processes share the units: the dead of all answer, and ê is the sum over the processes. */
    async function together(p: TermPass, latents: Latents): Promise<void> {
      const found = new Float64Array(1);
      for (const examples of await k.copyOut(silence.next)) if (examples >= deadAfter) found[0]++;
      await latents.total(found);
      answers = found[0] > 0;
      if (!answers || dead === null) return;
      const counted = Float64Array.from({ length: dead.shape[0] }, (_, i) => (i < found[0] ? deadAfter : 0));
      k.write(dead, counted);
      scaleBy(dead, p.m);
      select(p);
      const pairs = viewsOf(p.code.z.shape[0]);
      const { keepOfRows } = await import('../layers/latent-selection.ts');
      await keepOfRows(k, latents, pairs, null, asked, pairs.lengths);
      reconstruct(p);
      await latents.sum(k, pairs.eHat);
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
        if (latents === null) scaleBy(silence.next, m);
      },
      ...(latents === null ? {} : { together: (p: TermPass) => together(p, latents) }),
      backward(p) {
        const { results, slot, code, input, m } = p;
        if (latents === null) {
          select(p);
          reconstruct(p);
        } else if (!answers) return;
        const { indices, lengths, active, e, eHat, dEHat, delta } = viewsOf(code.z.shape[0]);
        k.scaledSquaredError(dEHat, results, slot, eHat, e, scale, m); // s Σ‖ê − e‖²
        k.addSparseOuter(output.dRows, 1 / m, active, indices, dEHat, lengths); // ∇D[t] += (1/m) a_kt ∂/∂ê_k
        if (variant === 'openai' && first) k.addColumnSums(output.dBias, dEHat, 1 / m);
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
