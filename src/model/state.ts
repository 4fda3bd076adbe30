import { type AnyNumbers, type Block, type Matrix, toFlat, type Vector, type View } from '../array/matrix.ts';
import { InputError } from '../errors.ts';
import type { Kernels, Storage } from '../kernels/kernels.ts';
import type { TensorSpec } from '../layers/layer.ts';
import { show } from '../validate.ts';
import { createLayout, type Layout, namedArrays, namedViews, parameterView } from './parameters.ts';

/** What is kept beside θ, in float64: one flat block with named views. */
export class State {
  readonly layout: Layout;
  /** By name. */
  readonly views: Readonly<Record<string, View>>;
  private readonly kernels: Kernels;
  private readonly specs: readonly TensorSpec[];
  private readonly flat: Block;

  constructor(kernels: Kernels, specs: readonly TensorSpec[], storage: Storage = kernels) {
    this.kernels = kernels;
    this.specs = specs;
    this.layout = createLayout(specs);
    this.flat = storage.allocateDoubles(this.layout.length);
    if (storage === kernels) kernels.keep?.(this.flat); // a model's own
    this.views = namedViews(this.layout, this.flat);
    this.reset();
  }

  /** Every number, or those of some roles, as it begins. */
  reset(roles?: readonly TensorSpec['role'][]): void {
    const { layout, specs, kernels } = this;
    layout.parameters.forEach(({ name, length }, i) => {
      const { role, initial = 0 } = specs[i];
      if (roles !== undefined && !roles.includes(role)) return;
      kernels.write(this.views[name], new Float64Array(length).fill(initial));
    });
  }

  /** A copy of every tensor, or of those of some roles. */
  async read(
    roles?: readonly TensorSpec['role'][],
  ): Promise<Record<string, Matrix<Float64Array> | Vector<Float64Array>>> {
    const { kernels, layout, specs } = this;
    if (layout.length === 0) return {};
    const flat = new Float64Array(layout.length);
    for (const parameter of layout.parameters) {
      await kernels.copyOut(
        parameterView(this.flat, parameter),
        flat.subarray(parameter.offset, parameter.offset + parameter.length),
      );
    }
    const all = namedArrays(layout, flat);
    const wanted = specs.filter(({ role }) => roles === undefined || roles.includes(role));
    return Object.fromEntries(wanted.map(({ name }) => [name, all[name]]));
  }

  /** Of the tensors of some roles. */
  namesOf(roles: readonly TensorSpec['role'][]): string[] {
    return this.specs.filter(({ role }) => roles.includes(role)).map(({ name }) => name);
  }

  /** Sets any of the tensors. @throws InputError for an unknown name, a wrong shape or a value that is not finite or out of range; then nothing is changed. */
  write(values: Readonly<Record<string, View<AnyNumbers>>>): void {
    for (const [view, numbers] of this.check(values)) this.kernels.write(view, numbers);
  }

  /** What `write` would set, and throws. */
  check(values: Readonly<Record<string, View<AnyNumbers>>>): (readonly [View, Float64Array])[] {
    if ({}.toString.call(values) !== '[object Object]') {
      throw new InputError(`state is ${show(values)}: it must be an object like await model.state()`);
    }
    return Object.entries(values).map(([name, value]) => {
      const parameter = this.layout.parameters.find((p) => p.name === name);
      if (parameter === undefined) {
        const names = this.specs.map((spec) => spec.name).join(', ') || 'none';
        throw new InputError(`state ${show(name)} is unknown: this model has ${names}`);
      }
      const { shape = [] } = value ?? {};
      if (shape.length !== parameter.shape.length || shape.some((n, i) => n !== parameter.shape[i])) {
        throw new InputError(
          `state ${show(name)} has shape (${shape.join(', ')}): it must be (${parameter.shape.join(', ')})`,
        );
      }
      const numbers = toFlat(value, new Float64Array(parameter.length));
      const [least, most] = this.specs.find((spec) => spec.name === name)?.range ?? [
        -Number.MAX_VALUE,
        Number.MAX_VALUE,
      ];
      const bad = numbers.findIndex((n) => !(n >= least && n <= most));
      if (bad >= 0) {
        const allowed = most === Number.MAX_VALUE ? 'be a finite number' : `lie from ${least} to ${most}`;
        throw new InputError(`state ${show(name)} holds ${numbers[bad]} at index ${bad}: every value must ${allowed}`);
      }
      return [this.views[name], numbers] as const;
    });
  }
}
