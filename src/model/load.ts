import { type AnyNumbers, type Numbers, type View, zeros } from '../array/matrix.ts';
import { fillMask, stream } from '../array/random.ts';
import { counterOf, drawNoise } from '../corruption/corruption.ts';
import type { Dropped, LayerPass } from '../layers/layer.ts';
import { assertStored } from './examples-check.ts';
import type { Network, Pass } from './network.ts';

/** What is drawn on this side, before kernels take it. */
interface Drawn {
  readonly factor: Numbers;
  readonly shift: Numbers;
  readonly weights: Numbers | null;
}

/** out (rows, units) ← r of dropout: 0 with probability p, else 1/(1 − p), of (seed, epoch, example, unit) alone. */
function drawFactor(out: Float64Array, { fraction, seed, first }: Dropped, examples: Uint32Array, epoch: number): void {
  const units = out.length / examples.length;
  for (let i = 0; i < examples.length; i++) {
    const draw = { seed, stream: stream.dropout, counter: counterOf(epoch, examples[i]), first };
    fillMask(out.subarray(i * units, (i + 1) * units), draw, fraction);
  }
  const kept = 1 / (1 - fraction);
  for (let p = 0; p < out.length; p++) out[p] = kept * (1 - out[p]);
}

/**
 * Fills passes of one network. Without corruption the encoder sees the example itself; with it, x̃ is drawn anew for every
 * presentation from (the model's seed, epoch, index of the example), and the loss compares with the clean x, or with
 * the example's label.
 */
export class Loader {
  private readonly network: Network;
  private drawn: Drawn;
  /** Room for what dropout multiplies by, of one layer after the other. */
  private factors = new Float64Array(0);

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
    for (const { factor } of pass.layers) if (factor) k.write(factor.view, this.factor(factor, examples, epoch));
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

  private factor({ view, spec }: NonNullable<LayerPass['factor']>, examples: Uint32Array, epoch: number): Float64Array {
    const size = view.shape[0] * view.shape[1];
    if (this.factors.length < size) this.factors = new Float64Array(size);
    const out = this.factors.subarray(0, size);
    drawFactor(out, spec, examples, epoch);
    return out;
  }

  private room(size: number): Drawn {
    const { kernels, spec } = this.network;
    const numbers = () => zeros(size, kernels.precision);
    return { factor: numbers(), shift: numbers(), weights: spec.corruption?.emphasis ? numbers() : null };
  }
}
