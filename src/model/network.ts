import { type Block, matrixView, type View, vectorView } from '../array/matrix.ts';
import type { Kernels, Results, Storage } from '../kernels/kernels.ts';
import type { Code } from '../layers/code.ts';
import type { LayerPass } from '../layers/layer.ts';
import type { Detached, Moment, Term, TermPass } from '../terms/term.ts';
import { createLayers, FIRST_TERM, type NetworkLayer, type NetworkUse, type SlottedTerm } from './network-layers.ts';
import { type Layout, namedViews } from './parameters.ts';

export { type NetworkUse, SLOT } from './network-layers.ts';

import type { NetworkSpec } from './spec.ts';

/** A term with what it sees of a pass. */
interface TermStep {
  readonly term: Term;
  readonly p: TermPass;
}

/** A layer of a pass, and the terms on it. */
export interface PassLayer extends LayerPass {
  readonly terms: readonly TermStep[];
}

/** Everything one evaluation touches. */
export interface Pass {
  /** Examples of the whole batch: of all processes that share it. */
  readonly m: number;
  /** What the first layer sees, (rows, d), and what the loss compares with: the same storage where they are the same. */
  readonly x: View;
  readonly target: View;
  /** Weights of the coordinates in the loss, where corruption is emphasised. */
  readonly emphasis: View | null;
  /** Where noise lies by which the examples are multiplied, (rows, d), with corruption. */
  readonly factor: View | null;
  /** Where corruption finds the examples themselves: the target, or storage of their own where that holds labels. */
  readonly clean: View;
  readonly layers: readonly PassLayer[];
  /** Of all layers. */
  readonly terms: readonly TermStep[];
}

/** The layers of a spec over θ and its gradient, and buffers for batches of any size, allocated as needed. */
export class Network {
  readonly kernels: Kernels;
  /** Holds the gradient and every buffer, and whatever a training run adds. */
  readonly storage: Storage;
  readonly spec: NetworkSpec;
  /** Every parameter beside its gradient; weights that shrink have λ (l2) or γ (l1) above 0. */
  readonly parameters: readonly {
    readonly name: string;
    readonly value: View;
    readonly gradient: View;
    readonly l2: number;
    readonly l1: number;
    /** The highest layer that uses it: where that is not trained, it neither shrinks nor counts. */
    readonly layer: number;
    /** Whether it is V of that layer. */
    readonly isWeight: boolean;
  }[];
  readonly gradient: View;
  readonly results: Results;
  /** Of all layers. */
  readonly terms: readonly SlottedTerm[];
  /** Held while central differences are taken. */
  readonly detached: Detached = { held: false, kept: false };
  /** Set before every step of training. */
  readonly moment: Moment = { penalty: 1 };
  private readonly use: NetworkUse;
  private readonly layers: readonly NetworkLayer[];
  /** Widths of the sparse codes that the buffers have room for. */
  private room: readonly (number | null)[] = [];
  private widths: readonly (number | null)[] = [];
  private capacity = -1;
  private hasTargets: boolean;
  private inputs: Readonly<
    Record<'x' | 'target', Block> & Record<'emphasis' | 'factor' | 'clean', Block | null>
  > | null = null;
  private passes = new Map<number, Pass>();

  constructor(
    kernels: Kernels,
    spec: NetworkSpec,
    layout: Layout,
    theta: Block,
    state: Readonly<Record<string, View>>,
    use: NetworkUse = {},
  ) {
    this.kernels = kernels;
    this.storage = kernels.fork();
    this.spec = spec;
    this.use = use;
    this.hasTargets = spec.corruption !== null || spec.targets === 'apart';
    const gradient = this.storage.allocate(use.readonly ? 0 : layout.length);
    this.gradient = vectorView(gradient);
    const values = namedViews(layout, theta);
    const gradients = namedViews(layout, gradient);
    this.layers = createLayers({ kernels, storage: this.storage, spec, use }, values, gradients, state);
    this.terms = this.layers.flatMap(({ terms }) => terms);
    this.results = kernels.allocateResults(FIRST_TERM + this.terms.length);
    this.widths = this.layers.map(({ layer }) => layer.width);
    this.parameters = layout.parameters.map(({ name }) => {
      const { l2, l1 } = spec.shrinkage.find(({ weight }) => weight === name) ?? { l2: 0, l1: 0 };
      const layer = Math.max(...spec.layers.map(({ weight, skip }, l) => (weight === name || skip === name ? l : -1)));
      return {
        name,
        value: values[name],
        gradient: gradients[name],
        l2,
        l1,
        layer,
        isWeight: spec.layers[layer]?.weight === name,
      };
    });
  }

  /** Gives its storage back. */
  dispose(): void {
    this.storage.dispose();
  }

  /** Units of layer l. */
  units(l: number): number {
    return this.layers[l].units;
  }

  /** Before an epoch: what moves from one to the next. Earlier passes may then no longer hold. */
  atEpoch(epoch: number, epochs: number): void {
    for (const { layer } of this.layers) layer.atEpoch?.(epoch, epochs);
    this.renewWidths();
  }

  /** Before a step, counted from 0: what moves from one to the next. Earlier passes may then no longer hold. */
  atStep(step: number, steps: number): void {
    for (const { layer } of this.layers) layer.atStep?.(step, steps);
    this.renewWidths();
  }

  private renewWidths(): void {
    if (this.layers.every(({ layer }, l) => layer.width === this.widths[l])) return; // as at nearly every step
    const next = this.layers.map(({ layer }) => layer.width);
    this.widths = next;
    // Buffers have room for narrower codes, as while k is annealed; only the views are made anew.
    this.passes = new Map();
    if (next.some((width, l) => (width ?? 0) > (this.room[l] ?? 0))) this.capacity = -1;
  }

  /** After a step that counted: state moves on. */
  advance(): void {
    for (const { layer } of this.layers) layer.advance?.();
    for (const { term } of this.terms) term.advance?.();
  }

  /** From now on what the output is compared with has storage of its own. Earlier passes may then no longer hold. */
  holdTargets(): void {
    if (this.hasTargets) return;
    this.hasTargets = true;
    this.capacity = -1;
  }

  /** Views for some rows of a batch of m. Buffers grow to the most rows seen; earlier passes then no longer hold. */
  pass(rows: number, m = rows): Pass {
    if (rows > this.capacity) this.grow(rows);
    let pass = this.passes.get(rows);
    if (pass === undefined || pass.m !== m) {
      pass = this.createPass(rows, m);
      this.passes.set(rows, pass);
    }
    return pass;
  }

  /** Layer l over an input of its own, such as codes that come from outside. */
  bind(l: number, rows: number, input: Code, example: View): LayerPass {
    return this.layers[l].layer.bind(rows, input, example);
  }

  private grow(rows: number): void {
    const { storage, spec, layers } = this;
    for (const old of new Set(Object.values(this.inputs ?? {}))) if (old !== null) storage.release(old);
    const x = storage.allocate(rows * spec.inputs);
    const width = layers[layers.length - 1].units;
    const corrupts = spec.corruption !== null && !this.use.readonly;
    this.inputs = {
      x,
      target: this.hasTargets ? storage.allocate(rows * width) : x,
      emphasis: spec.corruption?.emphasis ? storage.allocate(rows * width) : null,
      factor: corrupts ? storage.allocate(rows * spec.inputs) : null,
      clean: corrupts && spec.targets === 'apart' ? storage.allocate(rows * spec.inputs) : null,
    };
    layers.forEach(({ layer }, l) => {
      layer.reserve(rows, l > 0 && layers[l - 1].layer.width !== null);
    });
    this.capacity = rows;
    this.room = this.widths;
    this.passes = new Map();
  }

  private createPass(rows: number, m: number): Pass {
    if (this.inputs === null) throw new Error('a pass of no examples');
    const { inputs, spec, results, detached, moment } = this;
    const width = this.layers[this.layers.length - 1].units;
    const x = matrixView(inputs.x, rows, spec.inputs);
    let input: Code = { a: x, z: x, sparse: null };
    const target = inputs.target === inputs.x ? x : matrixView(inputs.target, rows, width);
    const bound = this.layers.map(({ layer }) => {
      const from = input;
      const made = layer.bind(rows, from, x);
      input = made.code;
      return { made, from };
    });
    const reconstruction = bound[bound.length - 1].made.code.a;
    const layers = this.layers.map(({ terms }, l): PassLayer => {
      const { made, from } = bound[l];
      const { code, dCode, dZ = null } = made;
      const seen = { results, code, input: from, dCode, dZ, reconstruction, target, m, detached, moment };
      return { ...made, terms: terms.map(({ term, slot }) => ({ term, p: { ...seen, slot } })) };
    });
    return {
      m,
      x,
      target,
      emphasis: inputs.emphasis && matrixView(inputs.emphasis, rows, width),
      factor: inputs.factor && matrixView(inputs.factor, rows, spec.inputs),
      clean: inputs.clean === null ? target : matrixView(inputs.clean, rows, spec.inputs),
      layers,
      terms: layers.flatMap(({ terms }) => terms),
    };
  }
}
