import { type Matrix, matrix, type Numbers, transposed, type Vector, type View, vector } from '../array/matrix.ts';
import type { ActivationName, Kernels, Results, Storage } from '../kernels/kernels.ts';
import type { Affine } from '../layers/affine.ts';
import type { Survivors } from '../layers/selection.ts';
import type { ActivationPenalty } from '../penalties/activation-penalty.ts';
import { createActivationPenalty } from '../penalties/table.ts';
import { type Layout, namedViews } from './parameters.ts';
import type { LayerSpec, NetworkSpec } from './spec.ts';

/** Result slots of the cost's terms; slot 0 is the data term, reconstruction or classification. */
export const SLOT = { data: 0, weightDecay: 1, weightL1: 2, sparsity: 3, contraction: 4 } as const;

/** A layer's parameters and gradients as views of θ and ∂J/∂θ: V = Wᵀ in the encoder, D in the decoder. */
type LayerViews = Pick<Affine, 'weight' | 'weightT' | 'dWeight' | 'dWeightT' | 'bias' | 'dBias'>;

interface Layer extends LayerViews {
  readonly f: ActivationName;
  readonly units: number;
  readonly penalties: readonly ActivationPenalty[];
}

/** One layer with its buffers for m examples. z and a share storage where the loss does not need logits. */
export interface LayerPass extends Layer, Affine {
  readonly a: View;
  /** δ = ∂L/∂z of each example, without 1/m: (m, units), or (m, k) at the survivors of a k-sparse layer. */
  readonly delta: View;
  /** What δ is multiplied by f′ of: a, or the survivors' values. */
  readonly active: View;
  /** (m, units), where this k-sparse layer feeds another. */
  readonly scratch: View | null;
}

/** Everything one evaluation on m examples touches. */
export interface Pass {
  readonly m: number;
  /** What the first layer sees, (m, d), and what the loss compares with: the same storage where they are the same. */
  readonly x: Matrix;
  readonly target: Matrix;
  /** Weights of the coordinates in the loss, where corruption is emphasised. */
  readonly emphasis: Matrix | null;
  readonly layers: readonly LayerPass[];
}

interface LayerBuffers {
  readonly a: Numbers;
  readonly z: Numbers;
  readonly delta: Numbers;
  readonly values: Numbers | null;
  readonly indices: Uint32Array | null;
  readonly scratch: Numbers | null;
}

/** The layers of a spec over θ and its gradient, and buffers for batches of any size, allocated as needed. */
export class Network {
  readonly kernels: Kernels;
  /** Holds the gradient and every buffer, and whatever a training run adds. */
  readonly storage: Storage;
  readonly spec: NetworkSpec;
  /** Every parameter beside its gradient; weights that shrink have λ (l2) or γ (l1) above 0. */
  readonly parameters: readonly {
    readonly value: View;
    readonly gradient: View;
    readonly l2: number;
    readonly l1: number;
    /** The highest layer that uses it: where that is not trained, it neither shrinks nor counts. */
    readonly layer: number;
  }[];
  readonly gradient: Vector;
  readonly results: Results;
  private readonly readonly: boolean;
  private readonly layers: readonly Layer[];
  /** Survivors k of each layer, 0 where it is not k-sparse. */
  private survivors: readonly number[];
  /** Survivors that the buffers have room for. */
  private room: readonly number[] = [];
  private capacity = 0;
  private inputs: { x: Numbers; target: Numbers; emphasis: Numbers | null } | null = null;
  private buffers: readonly LayerBuffers[] = [];
  private passes = new Map<number, Pass>();

  /** One that is not to be trained has no gradient and no δ but the output's, for `forward` and `dataTerm` alone. */
  constructor(kernels: Kernels, spec: NetworkSpec, layout: Layout, theta: Numbers, readonly = false) {
    this.kernels = kernels;
    this.storage = kernels.fork();
    this.spec = spec;
    this.readonly = readonly;
    const gradient = this.storage.allocate(readonly ? 0 : layout.length);
    this.gradient = vector(gradient);
    this.results = kernels.allocateResults(Object.keys(SLOT).length);
    const values = namedViews(layout, theta);
    const gradients = namedViews(layout, gradient);
    this.layers = spec.layers.map((layer) => createLayer(this.storage, layer, values, gradients));
    this.parameters = layout.parameters.map(({ name }) => {
      const { l2, l1 } = spec.shrinkage.find(({ weight }) => weight === name) ?? { l2: 0, l1: 0 };
      const layer = spec.layers.map(({ weight }) => weight).lastIndexOf(name);
      return { value: values[name], gradient: gradients[name], l2, l1, layer };
    });
    this.survivors = spec.layers.map(({ kSparse }) => kSparse?.k ?? 0);
  }

  /** Gives its storage back. */
  dispose(): void {
    this.storage.dispose();
  }

  /** Units of layer l. */
  units(l: number): number {
    return this.layers[l].units;
  }

  /** Sets how many units of each k-sparse layer survive, from its spec. Earlier passes then no longer hold. */
  setSurvivors(count: (spec: NonNullable<LayerSpec['kSparse']>, units: number) => number): void {
    const next = this.spec.layers.map(({ kSparse }, l) => (kSparse === null ? 0 : count(kSparse, this.units(l))));
    if (next.every((k, l) => k === this.survivors[l])) return;
    this.survivors = next;
    // Buffers have room for fewer survivors, as while k is annealed; only the views are made anew.
    this.passes = new Map();
    if (next.some((k, l) => k > this.room[l])) this.capacity = 0;
  }

  /** Views for m examples. Buffers grow to the largest m seen; earlier passes then no longer hold. */
  pass(m: number): Pass {
    if (m > this.capacity) this.grow(m);
    let pass = this.passes.get(m);
    if (pass === undefined) {
      pass = this.createPass(m);
      this.passes.set(m, pass);
    }
    return pass;
  }

  private grow(m: number): void {
    const { storage, spec, layers } = this;
    for (const old of [this.inputs, ...this.buffers]) {
      for (const each of new Set(Object.values(old ?? {}))) storage.release(each);
    }
    const last = layers.length - 1;
    const x = storage.allocate(m * spec.inputs);
    const width = layers[last].units;
    const apart = spec.corruption !== null || spec.dataTerm === 'classification';
    this.inputs = {
      x,
      target: apart ? storage.allocate(m * width) : x,
      emphasis: spec.corruption?.emphasis ? storage.allocate(m * width) : null,
    };
    this.buffers = layers.map(({ units }, l) => {
      const a = storage.allocate(m * units);
      const k = this.survivors[l];
      return {
        a,
        z: l === last && spec.loss !== 'squared-error' ? storage.allocate(m * units) : a,
        delta: storage.allocate(this.readonly && l < last ? 0 : m * (k || units)),
        values: k > 0 ? storage.allocate(m * k) : null,
        indices: k > 0 ? storage.allocateIndices(m * k) : null,
        scratch: k > 0 && (this.survivors[l + 1] ?? 0) > 0 ? storage.allocate(m * units) : null,
      };
    });
    this.capacity = m;
    this.room = this.survivors;
    this.passes = new Map();
  }

  private createPass(m: number): Pass {
    if (this.inputs === null) throw new Error('a pass of no examples');
    const { inputs, spec } = this;
    const width = this.layers[this.layers.length - 1].units;
    const x = matrix(inputs.x, m, spec.inputs);
    const target = inputs.target === inputs.x ? x : matrix(inputs.target, m, width);
    let input: Matrix = x;
    let inputSurvivors: Survivors | null = null;
    const layers = this.layers.map((layer, l): LayerPass => {
      const buffers = this.buffers[l];
      const a = matrix(buffers.a, m, layer.units);
      const z = buffers.z === buffers.a ? a : matrix(buffers.z, m, layer.units);
      const k = this.survivors[l];
      const survivors: Survivors | null =
        buffers.values === null || buffers.indices === null
          ? null
          : { values: matrix(buffers.values, m, k), indices: matrix(buffers.indices, m, k) };
      const pass = {
        ...layer,
        input,
        inputT: transposed(input),
        inputSurvivors,
        z,
        a,
        delta: matrix(buffers.delta, m, k || layer.units),
        survivors,
        active: survivors?.values ?? a,
        scratch: buffers.scratch && matrix(buffers.scratch, m, layer.units),
      };
      input = a;
      inputSurvivors = survivors;
      return pass;
    });
    return { m, x, target, emphasis: inputs.emphasis && matrix(inputs.emphasis, m, width), layers };
  }
}

function createLayer(
  storage: Storage,
  { weight, use, bias, f, penalties }: LayerSpec,
  values: Record<string, Matrix>,
  gradients: Record<string, Matrix>,
): Layer {
  const [stored, dStored] = [values[weight], gradients[weight]];
  const turned = { value: transposed(stored), gradient: transposed(dStored) };
  const biases = { bias: values[bias], dBias: gradients[bias] };
  const views: LayerViews =
    use === 'transposed'
      ? { weight: turned.value, weightT: stored, dWeight: turned.gradient, dWeightT: dStored, ...biases }
      : { weight: stored, weightT: turned.value, dWeight: dStored, dWeightT: turned.gradient, ...biases };
  const units = views.weight.shape[1];
  const penalized = { units, f, weightRows: views.weightT, dWeightRows: views.dWeightT };
  return { ...views, f, units, penalties: penalties.map((spec) => createActivationPenalty(storage, spec, penalized)) };
}
