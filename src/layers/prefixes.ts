import * as v from 'valibot';
import { type Block, matrixView, transposed, type View, vectorView } from '../array/matrix.ts';
import { oneOf, positiveInteger } from '../validate.ts';
import { affineStart } from './affine.ts';
import type { Code } from './code.ts';
import type { Layer, LayerKind, LayerPass, LayerPlace } from './layer.ts';

/** w₁ < … < w_G = h, and what the losses of the prefixes are made to: their mean (1/G) Σ, or their sum. */
export interface PrefixesSpec {
  readonly kind: 'prefixes';
  readonly widths: readonly number[];
  readonly weights: 'mean' | 'sum';
}

/**
 * The decoder of a Matryoshka dictionary: x̂_g = A[:, :w_g]·D[:w_g] + c for every prefix of the units, each compared with the
 * target; the code is one, whatever the prefix. Forward, prefix by prefix: x̂_g = x̂_{g−1} + A_g·D_g, A_g the columns
 * w_{g−1} … w_g. So with S_g = Σ_{g′ ≥ g} δ_{g′}, δ_g = weight·∂L/∂x̂_g: ∇D_g += (1/m) A_gᵀS_g, ∂L/∂A_g = S_g·D_gᵀ and
 * ∇c += (1/m) Σₖ S_1. [Bussmann et al. 2025, arXiv 2503.17547: the sum]
 */
export const prefixes: LayerKind<PrefixesSpec> = {
  schema: v.strictObject({
    kind: v.literal('prefixes'),
    widths: v.array(positiveInteger()),
    weights: oneOf(['mean', 'sum'] as const),
  }),
  create: (spec, place) => createPrefixes(spec, place),
  proof: [],
};

interface Level {
  readonly a: Block;
  /** The storage of a, unless somebody looks at it: cross-entropy goes by it. */
  readonly z: Block;
  readonly delta: Block;
  readonly lengths: Block | null;
}

function createPrefixes({ widths, weights }: PrefixesSpec, place: LayerPlace): Layer {
  const { k, storage, units, f, weight: V, dWeight, keepsZ } = place;
  const share = weights === 'mean' ? 1 / widths.length : 1;
  let buffers: Level[] = [];

  function reserve(rows: number, sparse: boolean): void {
    for (const level of buffers) for (const block of new Set(Object.values(level))) storage.release(block);
    buffers = widths.map(() => {
      const a = storage.allocate(rows * units);
      return {
        a,
        z: keepsZ ? storage.allocate(rows * units) : a,
        delta: storage.allocate(rows * units),
        lengths: sparse ? storage.allocateIndices(rows) : null,
      };
    });
  }

  function bind(rows: number, input: Code, example: View): LayerPass {
    const { a, sparse } = input;
    const levels = buffers.map(({ a: output, z, delta, lengths }, g) => {
      const own = matrixView(output, rows, units);
      return {
        code: { a: own, z: z === output ? own : matrixView(z, rows, units), sparse: null },
        dCode: matrixView(delta, rows, units),
        width: widths[g],
        /** Columns of the prefix before. */
        from: g === 0 ? 0 : widths[g - 1],
        lengths: lengths && vectorView(lengths, rows),
      };
    });
    const [first] = levels;
    const last = levels[levels.length - 1];
    return {
      code: last.code,
      dCode: last.dCode,
      levels: { outputs: levels, weight: share },
      forward() {
        levels.forEach(({ code: { z }, width, from, lengths }, g) => {
          if (sparse !== null && lengths !== null) {
            affineStart(k, z, example, place);
            k.countBelow(lengths, sparse.indices, sparse.lengths, width);
            k.addSparseRows(z, sparse.values, sparse.indices, V, lengths);
          } else {
            if (g === 0) affineStart(k, z, example, place);
            else k.copy(z, levels[g - 1].code.z);
            k.gemm(z, columns(a, from, width), rowsOf(V, from, width), 1, 1); // x̂_g = x̂_{g−1} + A_g·D_g
          }
        });
        for (const { code } of levels) k.activate(code.a, code.z, f);
      },
      delta() {}, // what losses leave is δ already
      backward(dInput, m) {
        for (const { dCode, lengths } of levels) {
          if (share !== 1) k.scale(dCode, share);
          // ∇D[t] += (1/m) a_kt δ_g for every prefix that holds t: Σ_g is S of its own.
          if (sparse !== null) k.addSparseOuter(dWeight, 1 / m, sparse.values, sparse.indices, dCode, lengths);
        }
        for (let g = levels.length - 1; g >= 0; g--) {
          const { dCode, width, from, lengths } = levels[g];
          if (g + 1 < levels.length) k.axpy(dCode, 1, levels[g + 1].dCode); // S_g = δ_g + S_{g+1}
          if (sparse === null)
            k.gemm(rowsOf(dWeight, from, width), transposed(columns(a, from, width)), dCode, 1 / m, 1); // ∇D_g += (1/m) A_gᵀS_g
          if (dInput === null) continue;
          // ∂L/∂A_g = S_g·D_gᵀ; of pairs, those of this prefix: those of shorter ones are written again in their turn.
          if (sparse !== null) k.sparseDots(dInput, dCode, sparse.indices, V, lengths);
          else k.gemm(columns(dInput, from, width), dCode, transposed(rowsOf(V, from, width)), 1, 0);
        }
        k.addColumnSums(place.dBias, first.dCode, 1 / m);
        if (place.skip !== null) k.gemm(place.skip.gradient, transposed(first.dCode), example, 1 / m, 1);
      },
    };
  }

  return { width: null, reserve, bind };
}

/** Columns from … to−1 of a matrix, of the same storage. */
function columns({ data, shape: [rows], stride, offset }: View, from: number, to: number): View {
  return { data, shape: [rows, to - from], stride, offset: offset + from * stride[1] };
}

/** Rows from … to−1 of a matrix, of the same storage. */
function rowsOf({ data, shape: [, width], stride, offset }: View, from: number, to: number): View {
  return { data, shape: [to - from, width], stride, offset: offset + from * stride[0] };
}
