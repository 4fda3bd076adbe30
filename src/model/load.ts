import { type AnyNumbers, type Numbers, type View, zeros } from '../array/matrix.ts';
import { corrupt } from '../corruption/corruption.ts';
import { assertStored } from './examples-check.ts';
import type { Network, Pass } from './network.ts';

/**
 * Fills passes of one network. Without corruption the encoder sees the example itself; with it, x̃ is drawn anew for every
 * presentation from (the model's seed, epoch, index of the example), and the loss compares with the clean x.
 */
export class Loader {
  private readonly network: Network;
  private clean: Numbers;
  private corrupted: Numbers;
  private mask: Uint8Array | null = null;
  private weights: Numbers | null = null;

  constructor(network: Network) {
    this.network = network;
    this.clean = zeros(0, network.kernels.precision);
    this.corrupted = this.clean;
  }

  /**
   * A pass of rows of x (m, d); labels (m, classes) are the targets of a classifier. `examples` are the rows' numbers in
   * the whole set, where x is a part of it: labels and corruption go by them.
   */
  load(x: View<AnyNumbers>, rows: Uint32Array, epoch: number, labels?: View<AnyNumbers>, examples = rows): Pass {
    const { kernels: k, spec } = this.network;
    const pass = this.network.pass(rows.length);
    assertStored(x);
    if (labels !== undefined) k.gatherRows(pass.target, labels, examples);
    if (spec.corruption === null) {
      k.gatherRows(pass.x, x, rows);
      return pass;
    }
    const { spec: corruption, emphasis, seed } = spec.corruption;
    const d = spec.inputs;
    const size = rows.length * d;
    if (this.clean.length < size) this.grow(size, emphasis !== null);
    gather(this.clean, x, rows, d);
    corrupt(corruption, this.corrupted, this.mask, this.clean, examples, d, { seed, epoch });
    k.write(pass.x, this.corrupted);
    k.write(pass.target, this.clean);
    if (pass.emphasis !== null && emphasis !== null && this.mask !== null && this.weights !== null) {
      for (let i = 0; i < size; i++) this.weights[i] = this.mask[i] === 1 ? emphasis.corrupted : emphasis.untouched;
      k.write(pass.emphasis, this.weights);
    }
    return pass;
  }

  private grow(size: number, emphasised: boolean): void {
    const { precision } = this.network.kernels;
    this.clean = zeros(size, precision);
    this.corrupted = zeros(size, precision);
    this.mask = emphasised ? new Uint8Array(size) : null;
    this.weights = emphasised ? zeros(size, precision) : null;
  }
}

/** out = the rows of x divided by its unit, row-major, in out's precision. */
function gather(out: Numbers, x: View<AnyNumbers>, rows: Uint32Array, d: number): void {
  const { unit = 1 } = x;
  for (let i = 0, q = 0; i < rows.length; i++) {
    let p = x.offset + rows[i] * x.stride[0];
    for (let j = 0; j < d; j++, p += x.stride[1]) out[q++] = x.data[p] / unit;
  }
}
