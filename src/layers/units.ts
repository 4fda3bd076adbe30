import { type Block, matrixView, transposed, type View, vectorView } from '../array/matrix.ts';
import type { ScreenedProduct, Screening } from '../kernels/screening.ts';
import { affineBackward, affineBackwardInput, affineBias, affineForward } from './affine.ts';
import type { Code, SparseRows } from './code.ts';
import type { BatchShare, Layer, LayerPass, LayerPlace } from './layer.ts';

/** What selects the units of each example that survive. */
export interface Selection {
  /** How many at most, at present. */
  width(): number;
  /** Whether rows keep numbers of their own. */
  readonly ragged?: boolean | undefined;
  /** Pairs ← what survives of the code; all others of `a` become 0. */
  select(pairs: SparseRows, code: Pick<Code, 'a' | 'z'>, share?: BatchShare): Promise<void> | void;
  /** Whether it chooses over the whole batch: after `forward` then, with all processes that share it. */
  readonly ofBatch?: boolean | undefined;
  /** As of a layer. */
  atEpoch?(epoch: number, epochs: number): void;
  /** As of a layer. */
  atStep?(step: number, steps: number): void;
  /** As of a layer. */
  advance?(): void;
}

/** What kinds of layers do in their own way. */
export interface UnitsOptions {
  /** What survives; default all. */
  readonly selection?: Selection | undefined;
  /** z apart from a, whoever else looks at it. */
  readonly keepsZ?: boolean | undefined;
  /** a from z, in the place of a = f(z). */
  activate?(code: Pick<Code, 'a' | 'z'>): void;
  /** The code by a screening, in the place of A·V + b, activation and selection; where f and the layer's parts allow it. */
  screen?(screening: Screening, code: Pick<Code, 'a' | 'z'>, pairs: SparseRows | null, product: ScreenedProduct): void;
  /** ∂L/∂u in the place of ∂L/∂a, u = A·V; adds to gradients of its own. Default (dCode + push) ⊙ f′(z) + dZ. */
  delta?(dCode: View, code: Pick<Code, 'a' | 'z'>, dZ: View | null, m: number): void;
  /** `delta` has seen to ∇b. */
  readonly ownBias?: boolean | undefined;
}

interface Buffers {
  readonly a: Block;
  readonly z: Block;
  readonly delta: Block;
  readonly dZ: Block | null;
  readonly values: Block | null;
  readonly indices: Block | null;
  readonly lengths: Block | null;
  readonly scratch: Block | null;
}

/** A layer A⁺ = f(A·V + b), of which a selection may keep a few: what all kinds of layers of units are. */
export function createUnits(place: LayerPlace, options: UnitsOptions = {}): Layer {
  const { k, storage, units, inputs, f } = place;
  const { selection } = options;
  const width = () => selection?.width() ?? null;
  const sum = options.ownBias && place.center !== null ? vectorView(storage.allocate(units)) : null;
  const screens = options.screen !== undefined && place.skip === null && !place.wholeZ && k.screening !== undefined;
  let screening: Screening | null = null;
  let buffers: Buffers | null = null;

  function reserve(rows: number, sparse: boolean): void {
    for (const block of new Set(Object.values(buffers ?? {}))) storage.release(block);
    const a = storage.allocate(rows * units);
    const own = width();
    buffers = {
      a,
      z: place.keepsZ || options.keepsZ ? storage.allocate(rows * units) : a,
      delta: storage.allocate(place.hasDelta ? rows * (own ?? units) : 0),
      dZ: place.hasDelta && place.hasDZ ? storage.allocate(rows * units) : null,
      values: own === null ? null : storage.allocate(rows * own),
      indices: own === null ? null : storage.allocateIndices(rows * own),
      lengths: selection?.ragged ? storage.allocateIndices(rows) : null,
      scratch: own !== null && sparse && place.hasDelta ? storage.allocate(rows * inputs) : null,
    };
  }

  function bind(rows: number, input: Code, example: View): LayerPass {
    if (buffers === null) throw new Error('a layer was bound before it had room');
    const own = width();
    const view = (block: Block, columns: number): View => matrixView(block, rows, columns);
    const a = view(buffers.a, units);
    const z = buffers.z === buffers.a ? a : view(buffers.z, units);
    const lengths = buffers.lengths && vectorView(buffers.lengths, rows);
    const pairs: SparseRows | null =
      own === null || buffers.values === null || buffers.indices === null
        ? null
        : { values: view(buffers.values, own), indices: view(buffers.indices, own), lengths };
    const product = () => ({ x: input.a, weight: place.weight, bias: affineBias(k, place) });
    const code: Code = {
      ...{ a, z, sparse: pairs },
      silent(values, indices, lengths, silence, limit) {
        screening?.silent(values, indices, lengths, product(), silence, limit);
        return screening !== null;
      },
    };
    const delta = view(buffers.delta, own ?? units);
    const dZ = buffers.dZ && view(buffers.dZ, units);
    const scratch = buffers.scratch && view(buffers.scratch, inputs);
    const active = pairs?.values ?? a;
    const inputT = transposed(input.a);
    const from = { input, example };
    return {
      code,
      dCode: delta,
      dZ,
      forward(known, same = false) {
        const asks = screens && known === undefined && input.sparse === null;
        if (asks) screening ??= k.screening?.(storage, inputs, units) ?? null;
        if (asks && screening !== null) {
          if (!same) screening.changed();
          options.screen?.(screening, code, pairs, product());
          return;
        }
        screening?.spoiled();
        if (known === undefined) affineForward(k, z, from, place);
        else k.copy(z, known);
        if (options.activate) options.activate(code);
        else k.activate(a, z, f);
        if (pairs !== null && !selection?.ofBatch) selection?.select(pairs, code);
      },
      spoiled: () => screening?.spoiled(),
      ...(selection?.ofBatch && pairs !== null
        ? { select: (share: BatchShare) => selection.select(pairs, code, share) }
        : {}),
      delta(push, m) {
        if (options.delta) {
          options.delta(delta, code, dZ, m);
          return;
        }
        k.delta(delta, delta, push, active, f);
        if (dZ !== null) k.axpy(delta, 1, dZ);
      },
      beginsWeight: k.gemmFrom !== undefined && input.sparse === null && pairs === null,
      backward(dInput, m, decay = 0) {
        if (sum !== null) k.fill(sum, 0);
        affineBackward(k, place, from, inputT, delta, pairs, m, options.ownBias ? sum : undefined, decay);
        if (dInput !== null) affineBackwardInput(k, dInput, place, input, delta, pairs, scratch);
      },
    };
  }

  return {
    get width() {
      return width();
    },
    ...(selection?.atEpoch ? { atEpoch: (epoch, epochs) => selection.atEpoch?.(epoch, epochs) } : {}),
    ...(selection?.atStep ? { atStep: (step, steps) => selection.atStep?.(step, steps) } : {}),
    ...(selection?.advance ? { advance: () => selection.advance?.() } : {}),
    reserve,
    bind,
  };
}
