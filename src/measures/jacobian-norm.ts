import { type Block, type View, vectorView } from '../array/matrix.ts';
import type { Kernels, Storage } from '../kernels/kernels.ts';
import type { LayerSpec } from '../model/spec.ts';

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
  private readonly layer: Pick<LayerSpec, 'f' | 'choice'>;
  /** ‖Wⱼ‖². */
  private readonly norms: View;
  private squares: Block | null = null;
  readonly tally = { examples: 0, sum: 0, sumOfSquares: 0 };

  /** `weight`: W in storage of the kernels. */
  constructor(kernels: Kernels, layer: Pick<LayerSpec, 'f' | 'choice'>, weight: View) {
    this.kernels = kernels;
    this.storage = kernels.fork();
    this.layer = layer;
    this.norms = vectorView(this.storage.allocate(weight.shape[0]));
    kernels.rowSquaredNorms(this.norms, weight);
  }

  /** Activations (examples, units) in storage of the kernels: as many examples as at first, or fewer. */
  async add(a: View): Promise<void> {
    const { kernels, storage, layer, norms, tally } = this;
    const [examples] = a.shape;
    this.squares ??= storage.allocate(examples);
    const squares = vectorView(this.squares, examples);
    kernels.jacobianSquares(squares, a, norms, layer.f, layer.choice.kind.selects === true);
    for (const square of await kernels.copyOut(squares)) {
      tally.sum += Math.sqrt(square);
      tally.sumOfSquares += square;
    }
    tally.examples += examples;
  }

  /** Gives its storage back. */
  dispose(): void {
    this.storage.dispose();
  }

  /** The averages, once all examples have been added. */
  result(): JacobianNorm {
    const { examples, sum, sumOfSquares } = this.tally;
    return { mean: sum / examples, meanSquare: sumOfSquares / examples };
  }
}
