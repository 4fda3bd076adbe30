import { type Block, matrixView, transposed, type View } from '../array/matrix.ts';
import { affineBackward, affineBackwardInput, affineForward } from './affine.ts';
import type { Code, SparseRows } from './code.ts';
import type { Layer, LayerPass, LayerPlace } from './layer.ts';

/** What selects the units of each example that survive. */
export interface Selection {
  /** How many at most, at present. */
  width(): number;
  /** Pairs ← the survivors of the code; all others of `a` become 0. */
  select(pairs: SparseRows, code: Pick<Code, 'a' | 'z'>): void;
  /** As of a layer. */
  atEpoch?(epoch: number, epochs: number): void;
}

interface Buffers {
  readonly a: Block;
  readonly z: Block;
  readonly delta: Block;
  readonly values: Block | null;
  readonly indices: Block | null;
  readonly scratch: Block | null;
}

/** A layer A⁺ = f(A·V + b), of which a selection may keep a few: what k-sparse units and all elementwise ones are. */
export function createUnits(place: LayerPlace, selection: Selection | null = null): Layer {
  const { k, storage, units, inputs, f } = place;
  const width = () => selection?.width() ?? null;
  let buffers: Buffers | null = null;

  function reserve(rows: number, sparse: boolean): void {
    for (const block of new Set(Object.values(buffers ?? {}))) storage.release(block);
    const a = storage.allocate(rows * units);
    const own = width();
    buffers = {
      a,
      z: place.keepsZ ? storage.allocate(rows * units) : a,
      delta: storage.allocate(place.hasDelta ? rows * (own ?? units) : 0),
      values: own === null ? null : storage.allocate(rows * own),
      indices: own === null ? null : storage.allocateIndices(rows * own),
      scratch: own !== null && sparse && place.hasDelta ? storage.allocate(rows * inputs) : null,
    };
  }

  function bind(rows: number, input: Code): LayerPass {
    if (buffers === null) throw new Error('a layer was bound before it had room');
    const own = width();
    const view = (block: Block, columns: number): View => matrixView(block, rows, columns);
    const a = view(buffers.a, units);
    const z = buffers.z === buffers.a ? a : view(buffers.z, units);
    const pairs: SparseRows | null =
      own === null || buffers.values === null || buffers.indices === null
        ? null
        : { values: view(buffers.values, own), indices: view(buffers.indices, own), lengths: null };
    const code: Code = { a, z, sparse: pairs };
    const delta = view(buffers.delta, own ?? units);
    const scratch = buffers.scratch && view(buffers.scratch, inputs);
    const active = pairs?.values ?? a;
    const inputT = transposed(input.a);
    return {
      code,
      dCode: delta,
      forward() {
        affineForward(k, z, input, place);
        k.activate(a, z, f);
        if (pairs !== null) selection?.select(pairs, code);
      },
      delta(push) {
        k.delta(delta, delta, push, active, f);
      },
      backward(dInput, m) {
        affineBackward(k, place, input, inputT, delta, pairs, m);
        if (dInput !== null) affineBackwardInput(k, dInput, place, input, delta, pairs, scratch);
      },
    };
  }

  return {
    get width() {
      return width();
    },
    ...(selection?.atEpoch ? { atEpoch: (epoch, epochs) => selection.atEpoch?.(epoch, epochs) } : {}),
    reserve,
    bind,
  };
}
