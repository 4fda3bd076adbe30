import { type Matrix, matrix, type Numbers, rowRange, transposed, type Vector, vector } from '../array/matrix.ts';
import type { ActivationName, Kernels, Results } from '../kernels/kernels.ts';
import { type ActivationPenalty, createActivationPenalty } from '../penalties/activation-penalty.ts';
import type { FullConfig } from './config.ts';
import { type Layout, namedViews, parameterName } from './parameters.ts';

/** The terms of the cost J, in the order of their result slots. */
export const TERMS = ['reconstruction', 'weightDecay', 'sparsity'] as const;
export type Term = (typeof TERMS)[number];
export const SLOT = { reconstruction: 0, weightDecay: 1, sparsity: 2 } as const;

/** A dense layer Z = A·V + b, A⁺ = f(Z), as views of θ: V = Wᵀ in the encoder, D in the decoder. */
export interface Layer {
  readonly f: ActivationName;
  /** V (inputs, units) and its transpose. */
  readonly weight: Matrix;
  readonly weightT: Matrix;
  readonly bias: Vector;
  /** ∂J/∂V and ∂J/∂b, views of the flat gradient. */
  readonly dWeight: Matrix;
  readonly dBias: Vector;
  /** The activation penalty on this layer's output, if any. */
  readonly penalty: ActivationPenalty | null;
}

/** One layer with its buffers for m examples. z and a share storage where the loss does not need logits. */
export interface LayerPass extends Layer {
  readonly input: Matrix;
  readonly inputT: Matrix;
  readonly z: Matrix;
  readonly a: Matrix;
  /** ∂L/∂z of each example, without 1/m. */
  readonly delta: Matrix;
}

/** Everything one evaluation on m examples touches. */
export interface Pass {
  readonly m: number;
  /** What the encoder sees, and what the loss compares with: (m, d). */
  readonly x: Matrix;
  readonly target: Matrix;
  readonly layers: readonly LayerPass[];
}

/** The layers of a config over θ and its gradient, and buffers for batches of any size, allocated as needed. */
export class Network {
  readonly kernels: Kernels;
  readonly config: FullConfig;
  readonly layers: readonly Layer[];
  /** Weights that decay, each once, beside their gradients. */
  readonly weights: readonly { readonly value: Matrix; readonly gradient: Matrix }[];
  readonly gradient: Vector;
  readonly results: Results;
  private capacity = 0;
  private buffers: { x: Matrix; z: Matrix[]; a: Matrix[]; delta: Matrix[] } | null = null;
  private passes = new Map<number, Pass>();

  constructor(kernels: Kernels, config: FullConfig, layout: Layout, theta: Numbers, gradient: Numbers) {
    this.kernels = kernels;
    this.config = config;
    this.gradient = vector(gradient);
    this.results = kernels.allocateResults(TERMS.length);
    const values = namedViews(layout, theta);
    const gradients = namedViews(layout, gradient);
    this.layers = createLayers(kernels, config, values, gradients);
    this.weights = layout.parameters
      .filter(({ shape }) => shape.length === 2)
      .map(({ name }) => ({ value: values[name], gradient: gradients[name] }));
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
    const { kernels, config, layers } = this;
    const buffer = (columns: number) => matrix(kernels.allocate(m * columns), m, columns);
    const units = layers.map((layer) => layer.weight.shape[1]);
    const a = units.map(buffer);
    const z = a.map((values, i) => (i === a.length - 1 && config.loss === 'cross-entropy' ? buffer(units[i]) : values));
    this.buffers = { x: buffer(config.inputs), z, a, delta: units.map(buffer) };
    this.capacity = m;
    this.passes = new Map();
  }

  private createPass(m: number): Pass {
    const { buffers } = this;
    if (buffers === null) throw new Error('a pass of no examples');
    const x = rowRange(buffers.x, 0, m);
    let input = x;
    const layers = this.layers.map((layer, i) => {
      const a = rowRange(buffers.a[i], 0, m);
      const z = buffers.z[i] === buffers.a[i] ? a : rowRange(buffers.z[i], 0, m);
      const delta = rowRange(buffers.delta[i], 0, m);
      const pass: LayerPass = { ...layer, input, inputT: transposed(input), z, a, delta };
      input = a;
      return pass;
    });
    return { m, x, target: x, layers };
  }
}

/** Encoder layers 0 … n−1, then decoder layers n−1 … 0; tied decoders see the encoder's weights. */
function createLayers(
  kernels: Kernels,
  config: FullConfig,
  values: Record<string, Matrix>,
  gradients: Record<string, Matrix>,
): Layer[] {
  const { hidden, activation, output, tied, sparsity } = config;
  const n = hidden.length;
  const name = (side: 'encoder' | 'decoder', i: number, what: 'weight' | 'bias') => parameterName(side, i, what, n);
  const encoder = hidden.map((units, i): Layer => {
    const weightT = values[name('encoder', i, 'weight')];
    return {
      f: activation,
      weight: transposed(weightT),
      weightT,
      bias: values[name('encoder', i, 'bias')],
      dWeight: transposed(gradients[name('encoder', i, 'weight')]),
      dBias: gradients[name('encoder', i, 'bias')],
      penalty: sparsity?.layer === i ? createActivationPenalty(kernels, sparsity, units, activation) : null,
    };
  });
  const decoder = hidden.map((_, i): Layer => {
    const weight = values[name(tied ? 'encoder' : 'decoder', i, 'weight')];
    return {
      f: i === 0 ? output : activation,
      weight,
      weightT: transposed(weight),
      bias: values[name('decoder', i, 'bias')],
      dWeight: gradients[name(tied ? 'encoder' : 'decoder', i, 'weight')],
      dBias: gradients[name('decoder', i, 'bias')],
      penalty: null,
    };
  });
  return [...encoder, ...decoder.reverse()];
}
