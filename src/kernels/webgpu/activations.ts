import type { View } from '../../array/matrix.ts';
import type { Activation } from '../activations/activation.ts';
import type { activations as table } from '../activations/table.ts';
import type { Kernels } from '../kernels.ts';
import { call, program, type Stage } from './call.ts';
import { each, flattened } from './elementwise.ts';
import { FUNCTIONS, LARGEST_OF_ROW } from './functions.ts';

/** f of z; f′ and f″ of a = f(z). */
interface Formulas {
  readonly of: string;
  readonly first: string;
  readonly second: string;
}

/** 1 − a² as a product loses no digits near ±1. */
const formulas: Readonly<Record<keyof typeof table, Formulas>> = {
  sigmoid: { of: 'sigmoid_of(z)', first: 'a * (1.0 - a)', second: 'a * (1.0 - a) * (1.0 - 2.0 * a)' },
  tanh: { of: 'tanh_of(z)', first: '(1.0 - a) * (1.0 + a)', second: '-2.0 * a * ((1.0 - a) * (1.0 + a))' },
  relu: {
    of: 'select(0.0, z, is_nan(z) || z > 0.0)',
    first: 'select(0.0, 1.0, is_nan(a) || a > 0.0)',
    second: '0.0',
  },
  softplus: { of: 'softplus_of(z)', first: '-expm1_of(-a)', second: '-expm1_of(-a) * exp_of(-a)' },
  linear: { of: 'z', first: '1.0', second: '0.0' },
};

/** f, f′ and f″ of an activation in WGSL. @throws Error where it is none of the table: the public edge refuses others. */
export function activationCode({ name }: Activation): string {
  const code = formulas[name as keyof typeof table];
  if (code === undefined) throw new Error(`no kernel in WGSL has the activation ${name}`);
  return `${FUNCTIONS}
fn f(z: f32) -> f32 { return ${code.of}; }
fn f_first(a: f32) -> f32 { return ${code.first}; }
fn f_second(a: f32) -> f32 { return ${code.second}; }
`;
}

/** The kernel of an activation, made once. */
export function byActivation<K>(make: (name: string, code: string, f: Activation) => K): (f: Activation) => K {
  const made = new Map<string, K>();
  return (f) => {
    let kernel = made.get(f.name);
    if (kernel === undefined) {
      kernel = make(f.name, activationCode(f), f);
      made.set(f.name, kernel);
    }
    return kernel;
  };
}

const activate = byActivation((name, code) =>
  program({
    name: `activate ${name}`,
    views: { out: 'write', z: 'read' },
    numbers: {},
    code: `${code}fn each(i: u32, j: u32) { set_out(i, j, f(z(i, j))); }`,
  }),
);

const delta = byActivation((name, code, f) =>
  program({
    name: `delta ${name}`,
    views: { out: 'write', upstream: 'read', push: 'read', a: 'read' },
    numbers: {},
    code: `${code}
fn each(i: u32, j: u32) {
  var above = upstream(i, j);
  if (has_push) { above += push1(j); }
  let slope = f_first(a(i, j));
  ${f.kink ? 'if (slope == 0.0) { above = 0.0; } // no 0·∞' : ''}
  set_out(i, j, ${f.name === 'linear' ? 'above' : 'above * slope'});
}`,
  }),
);

/** A group a row: the largest z is taken off first. */
const softmax = program({
  name: 'softmax',
  views: { out: 'write', z: 'read' },
  numbers: { columns: 'u32' },
  code: `${FUNCTIONS}${LARGEST_OF_ROW}
fn run(group: u32, lane: u32) {
  let top = largest_of_row(group, lane);
  var sum = vec2<f32>(0.0, 0.0);
  for (var j = lane; j < p.columns; j += 256u) {
    let e = exp_of(z(group, j) - top);
    set_out(group, j, e);
    sum = add_to_pair(sum, e);
  }
  let total = sum_lanes(lane, sum);
  for (var j = lane; j < p.columns; j += 256u) { set_out(group, j, out(group, j) / (total.x + total.y)); }
}`,
});

/** A group a row. */
const jacobianSquares = byActivation((name, code) =>
  program({
    name: `jacobianSquares ${name}`,
    views: { out: 'write', a: 'read', r: 'read' },
    numbers: { columns: 'u32', selected: 'u32' },
    code: `${code}
fn run(group: u32, lane: u32) {
  var own = vec2<f32>(0.0, 0.0);
  for (var j = lane; j < p.columns; j += 256u) {
    let value = a(group, j);
    if (p.selected == 1u && value == 0.0) { continue; }
    let slope = f_first(value);
    own = add_to_pair(own, slope * slope * r1(j));
  }
  let sum = sum_lanes(lane, own);
  if (lane == 0u) { set_out1(group, sum.x + sum.y); }
}`,
  }),
);

type Of = Pick<Kernels, 'activate' | 'delta' | 'softmax' | 'jacobianSquares'>;

/** Activations, their derivatives, and softmax. */
export function createActivations(stage: Stage): Of {
  return {
    activate(out, z, f) {
      const [o, from] = flattened(out, z);
      each(stage, activate(f), o, { out: o, z: from }, {});
    },
    delta(out, upstream, push, a, f) {
      const views: readonly View[] = push === null ? flattened(out, upstream, a) : [out, upstream, a];
      each(stage, delta(f), views[0], { out: views[0], upstream: views[1], push, a: views[2] }, {});
    },
    softmax: (out, z) => call(stage, softmax, { out, z }, { columns: z.shape[1] }, z.shape[0]),
    jacobianSquares: (out, a, r, f, selected) =>
      call(stage, jacobianSquares(f), { out, a, r }, { columns: a.shape[1], selected: Number(selected) }, a.shape[0]),
  };
}
