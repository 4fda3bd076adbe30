import { type AnyNumbers, type Numbers, type View, zeros } from '../array/matrix.ts';
import { drawNoise } from '../corruption/corruption.ts';
import { assertStored } from './examples-check.ts';
import type { Network, Pass } from './network.ts';

/** What is drawn on this side, before kernels take it. */
interface Drawn {
  readonly factor: Numbers;
  readonly shift: Numbers;
  readonly weights: Numbers | null;
}

/**
 * Fills passes of one network. Without corruption the encoder sees the example itself; with it, x̃ is drawn anew for every
 * presentation from (the model's seed, epoch, index of the example), and the loss compares with the clean x, or with
 * the example's label.
 */
export class Loader {
  private readonly network: Network;
  private drawn: Drawn;

  constructor(network: Network) {
    this.network = network;
    this.drawn = this.room(0);
  }

  /**
   * A pass of rows of x (m, d), compared with rows of `targets`: labels (m, classes) of a classifier, what a transcoder gives;
   * default x. `examples` are the rows' numbers in the whole set, where x is a part of it: targets and corruption go by them; `m` the size of the batch, where other
   * processes hold the rest of it.
   */
  load(
    x: View<AnyNumbers>,
    rows: Uint32Array,
    epoch: number,
    targets?: View<AnyNumbers>,
    examples = rows,
    m = rows.length,
  ): Pass {
    const { kernels: k, spec } = this.network;
    if (targets !== undefined) this.network.holdTargets();
    const pass = this.network.pass(rows.length, m);
    assertStored(x);
    if (spec.corruption === null) {
      k.gatherRows(pass.x, x, rows);
      if (targets !== undefined) k.gatherRows(pass.target, targets, examples);
      else if (pass.target !== pass.x) k.gatherRows(pass.target, x, rows);
      return pass;
    }
    const { spec: corruption, emphasis, seed } = spec.corruption;
    const size = rows.length * spec.inputs;
    if (this.drawn.factor.length < size) this.drawn = this.room(size);
    const { factor, shift, weights } = this.drawn;
    if (weights !== null && emphasis !== null) weights.fill(emphasis.untouched, 0, size);
    const marks = weights && emphasis && { at: weights, corrupted: emphasis.corrupted };
    drawNoise(corruption, { factor, shift, marks }, examples, spec.inputs, { seed, epoch });
    k.gatherRows(pass.clean, x, rows);
    if (targets !== undefined) k.gatherRows(pass.target, targets, examples);
    k.write(pass.x, shift);
    if (pass.factor !== null) k.write(pass.factor, factor);
    if (pass.factor !== null) k.addProducts(pass.x, pass.factor, pass.clean); // x̃ = shift + factor ⊙ x
    if (pass.emphasis !== null && weights !== null) k.write(pass.emphasis, weights);
    return pass;
  }

  private room(size: number): Drawn {
    const { kernels, spec } = this.network;
    const numbers = () => zeros(size, kernels.precision);
    return { factor: numbers(), shift: numbers(), weights: spec.corruption?.emphasis ? numbers() : null };
  }
}
