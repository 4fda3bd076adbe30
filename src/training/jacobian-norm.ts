import {
  type Matrix,
  matrix,
  type Numbers,
  type Precision,
  rowRange,
  type Vector,
  vector,
  zeros,
} from '../array/matrix.ts';
import type { Kernels, Storage } from '../kernels/kernels.ts';
import type { LayerSpec } from '../model/spec.ts';
import type { Activity } from './responses.ts';

/** The Frobenius norm of the Jacobian ∂a/∂x of a layer, over the examples. */
export interface JacobianNorm {
  /** (1/m) Σₖ ‖∂a/∂x‖_F at xₖ: Rifai's ‖J_f(x)‖. */
  readonly mean: number;
  /** (1/m) Σₖ ‖∂a/∂x‖²_F: what the contraction penalty multiplies by κ. */
  readonly meanSquare: number;
}

/**
 * Averages ‖∂a/∂x‖_F = √Σⱼ f′(zⱼ)² ‖Wⱼ‖² of a layer with weight W (h, d), in closed form, f′ from a = f(z). k-sparse
 * units: of the survivors alone. ReLU at its kink: f′ = 0. [Rifai et al., ICML 2011, §2 and Table 1]
 */
export class JacobianCounter {
  private readonly kernels: Kernels;
  private readonly storage: Storage;
  private readonly layer: Pick<LayerSpec, 'f' | 'kSparse'>;
  private readonly norms: Float64Array;
  private buffers: {
    readonly a: Matrix;
    readonly slopes: Matrix;
    readonly squares: Vector;
    readonly scales: Numbers;
  } | null = null;
  private examples = 0;
  private sum = 0;
  private sumOfSquares = 0;

  constructor(kernels: Kernels, layer: Pick<LayerSpec, 'f' | 'kSparse'>, weight: Matrix) {
    this.kernels = kernels;
    this.storage = kernels.fork();
    this.layer = layer;
    this.norms = rowNorms(weight);
  }

  /** Chunks may be smaller than the first, never larger. */
  add({ a, examples, units }: Activity): void {
    const { kernels, layer, norms } = this;
    this.buffers ??= createBuffers(this.storage, examples, units, kernels.precision);
    const { scales } = this.buffers;
    const [activations, slopes] = [this.buffers.a, this.buffers.slopes].map((all) => rowRange(all, 0, examples));
    const dropped = layer.kSparse !== null; // where a is 0, nothing depends on x
    kernels.write(activations, a);
    for (let p = 0; p < a.length; p++) scales[p] = dropped && a[p] === 0 ? 0 : norms[p % units];
    kernels.write(slopes, scales.subarray(0, a.length));
    kernels.delta(slopes, slopes, null, activations, layer.f); // ‖Wⱼ‖ f′(zⱼ)
    kernels.rowSquaredNorms(this.buffers.squares, slopes);
    for (const square of kernels.copyOut(this.buffers.squares).subarray(0, examples)) {
      this.sum += Math.sqrt(square);
      this.sumOfSquares += square;
    }
    this.examples += examples;
  }

  /** Gives its storage back. */
  dispose(): void {
    this.storage.dispose();
  }

  /** The averages, once all examples have been added. */
  result(): JacobianNorm {
    return { mean: this.sum / this.examples, meanSquare: this.sumOfSquares / this.examples };
  }
}

function createBuffers(storage: Storage, examples: number, units: number, precision: Precision) {
  const allocate = () => matrix(storage.allocate(examples * units), examples, units);
  return {
    a: allocate(),
    slopes: allocate(),
    squares: vector(storage.allocate(examples)),
    scales: zeros(examples * units, precision),
  };
}

/** ‖Wⱼ‖ of every row. */
function rowNorms(weight: Matrix): Float64Array {
  const [units, inputs] = weight.shape;
  return Float64Array.from({ length: units }, (_, j) => {
    let square = 0;
    for (let i = 0; i < inputs; i++) square += weight.get(j, i) ** 2;
    return Math.sqrt(square);
  });
}
