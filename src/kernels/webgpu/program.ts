import type { View } from '../../array/matrix.ts';
import { GpuBlock, type Kind, WIDTH } from './block.ts';

/** Lanes of a workgroup: what every device allows. */
export const LANES = 256;

/** Of offsets at which buffers are bound, on every device. */
export const ALIGNMENT = 256;

/** What a kernel does with a view; 'atomic': adds to u32 or sets their bits, in any order. */
export type Use = 'read' | 'write' | 'atomic';

/** A kernel in WGSL. */
export interface Program {
  /** What errors of its compilation call it. */
  readonly name: string;
  /** Operands by the names that the code calls them, and what it does with them; 'atomic' are indices. */
  readonly views: Readonly<Record<string, Use>>;
  /** Scalars, `p.name` in the code. */
  readonly numbers: Readonly<Record<string, 'u32' | 'f32'>>;
  /**
   * Defines `fn run(group: u32, lane: u32)`, which 256 lanes of each group call. Of a view x it may call x(i, j), set_x(i, j, v)
   * and x_at(i, j), an index of x_data; of a vector x1(n), set_x1(n, v); of doubles x_pair(i, j), set_x_pair(i, j, hi_lo) too;
   * of an atomic one add_x(i, j, v) and or_x(i, j, v); `has_x` is whether it was given.
   */
  readonly code: string;
}

/** Which part of a buffer views of a call lie in: parts of one buffer do not overlap, as WebGPU forbids it where one is written to. */
export interface Binding {
  readonly block: GpuBlock;
  /** First and last element that is touched. */
  begin: number;
  end: number;
  writes: boolean;
  /** Whether it is bound as vectors of four, for `x_wide`. */
  wide: boolean;
  /** Whether it is bound as atomic<u32>. */
  atomic: boolean;
}

/** How views are bound. */
export interface Binds {
  /** Bytes of a binding at most, which parts of one buffer are joined up to. */
  readonly largest?: number | undefined;
  /** Views whose code calls x_wide(at), elements at … at + 3, `at` a multiple of 4. A view beside it that is written to must be wide too. */
  readonly wide?: readonly string[] | undefined;
  /** First and last element of views that the call touches only a part of. */
  readonly touched?: Readonly<Record<string, readonly [number, number]>> | undefined;
}

/** Views of a call as the code sees them. */
export interface Bound {
  readonly bindings: readonly Binding[];
  /** By view: its binding, or −1 where it is null. */
  readonly of: readonly number[];
}

const ELEMENT: Readonly<Record<Kind, string>> = { numbers: 'f32', doubles: 'vec2<f32>', indices: 'u32' };

/** First and last element of a view. */
export function span({ shape, stride, offset }: View): readonly [number, number] {
  let [low, high] = [offset, offset];
  for (let axis = 0; axis < shape.length; axis++) {
    const reach = (Math.max(1, shape[axis]) - 1) * stride[axis];
    if (reach < 0) low += reach;
    else high += reach;
  }
  return [low, high];
}

/** Which bindings the views of a call need: one a buffer, or several where one would be longer than what a device binds. */
export function bindViews(
  program: Program,
  views: Readonly<Record<string, View | null>>,
  { largest = Number.POSITIVE_INFINITY, wide = [], touched = {} }: Binds = {},
): Bound {
  const parts: { name: string; block: GpuBlock; begin: number; end: number; writes: boolean; atomic: boolean }[] = [];
  for (const [name, use] of Object.entries(program.views)) {
    const view = views[name];
    if (view === undefined) throw new Error(`${program.name}: no view ${name}`);
    if (view === null) continue;
    const block = view.data as GpuBlock;
    if (!(block instanceof GpuBlock)) throw new Error(`${program.name}: ${name} is no block of these kernels`);
    if (block.released) throw new Error(`${program.name}: ${name} lies in storage that was given back`);
    const [begin, end] = touched[name] ?? span(view);
    parts.push({ name, block, begin, end, writes: use !== 'read', atomic: use === 'atomic' });
  }
  const bindings: Binding[] = [];
  const of = new Map<string, number>();
  for (const block of new Set(parts.map((part) => part.block))) {
    const own = parts.filter((part) => part.block === block).sort((one, other) => one.begin - other.begin);
    const unit = ALIGNMENT / WIDTH[block.kind];
    const [first, last] = [own[0].begin, Math.max(...own.map(({ end }) => end))];
    const joined = (last + 1 - (first - (first % unit))) * WIDTH[block.kind] <= largest;
    let at: Binding | null = null;
    for (const { name, begin, end } of own) {
      if (at === null || !(joined || begin - (begin % unit) <= at.end)) {
        const writes = own.some((part) => part.writes); // all or none: a buffer is not both in one call
        const atomic = own.some((part) => part.atomic);
        at = { block, begin, end, writes, atomic, wide: own.some((part) => wide.includes(part.name)) };
        bindings.push(at);
      }
      at.end = Math.max(at.end, end);
      of.set(name, bindings.length - 1);
    }
  }
  return { bindings, of: Object.keys(program.views).map((name) => of.get(name) ?? -1) };
}

/** Tells pipelines of one program apart: what of a call its text depends on. */
export function variantKey(program: Program, { bindings, of }: Bound) {
  const kinds = bindings
    .map(
      ({ block, writes, wide, atomic }) =>
        `${block.kind[0]}${writes ? 'w' : 'r'}${wide ? '4' : ''}${atomic ? 'a' : ''}`,
    )
    .join('');
  return `${program.name}|${kinds}|${of.join(',')}`;
}

/** Sums in two float32: what adds them loses nothing of a float32's worth. */
const PRELUDE = `
/** a + b, both pairs. */
fn add_pairs(a: vec2<f32>, b: vec2<f32>) -> vec2<f32> {
  let s = a.x + b.x;
  let t = s - a.x;
  let e = (a.x - (s - t)) + (b.x - t);
  if (!(abs(s) < 3.4e38)) { return vec2<f32>(s, 0.0); }
  let low = e + (a.y + b.y);
  let high = s + low;
  return vec2<f32>(high, low - (high - s));
}
/** A pair and a number. */
fn add_to_pair(a: vec2<f32>, b: f32) -> vec2<f32> { return add_pairs(a, vec2<f32>(b, 0.0)); }
var<workgroup> lanes: array<vec2<f32>, 256>;
/** The sum of all lanes' pairs, in one order; for all of them. */
fn sum_lanes(lane: u32, own: vec2<f32>) -> vec2<f32> {
  lanes[lane] = own;
  workgroupBarrier();
  for (var reach = 128u; reach > 0u; reach = reach >> 1u) {
    if (lane < reach) { lanes[lane] = add_pairs(lanes[lane], lanes[lane + reach]); }
    workgroupBarrier();
  }
  let sum = lanes[0];
  workgroupBarrier();
  return sum;
}
fn is_nan(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }
`;

/** The whole text of a variant. */
export function wgslOf(program: Program, { bindings, of }: Bound): string {
  const names = Object.keys(program.views);
  const fields = [
    'groups: u32',
    ...names.flatMap((name) => [`${name}_o: i32`, `${name}_r: i32`, `${name}_c: i32`]),
    ...Object.entries(program.numbers).map(([name, type]) => `${name}: ${type}`),
  ];
  const buffers = bindings.map(
    ({ block, writes, wide, atomic }, n) =>
      `@group(0) @binding(${n + 1}) var<storage, ${writes ? 'read_write' : 'read'}> buffer${n}: array<${atomic ? 'atomic<u32>' : wide ? 'vec4<f32>' : ELEMENT[block.kind]}>;`,
  );
  const access = names.map((name, v) => accessors(name, program.views[name], of[v], bindings));
  return `struct Params { ${fields.join(', ')} }
@group(0) @binding(0) var<uniform> p: Params;
${buffers.join('\n')}
${access.join('\n')}
${PRELUDE}
${program.code}
@compute @workgroup_size(${LANES})
fn main(@builtin(workgroup_id) at: vec3<u32>, @builtin(num_workgroups) of_all: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let group = at.x + at.y * of_all.x;
  if (group < p.groups) { run(group, lane); }
}`;
}

/** Functions by which the code reads and writes a view; of one that is not given, those that read give 0. */
function accessors(name: string, use: Use, n: number, bindings: readonly Binding[]): string {
  if (n < 0) {
    return `const has_${name} = false;
fn ${name}(i: u32, j: u32) -> f32 { return 0.0; }
fn ${name}1(n: u32) -> f32 { return 0.0; }
fn set_${name}(i: u32, j: u32, v: f32) {}
fn set_${name}1(n: u32, v: f32) {}`;
  }
  const { kind } = bindings[n].block;
  if (bindings[n].wide) return wideAccessors(name, use, n);
  const type = kind === 'indices' ? 'u32' : 'f32';
  const value = kind === 'doubles' ? 'v.x + v.y' : 'v';
  const index = `${name}_at(i, j)`;
  const at = `const has_${name} = true;
fn ${name}_at(i: u32, j: u32) -> u32 { return u32(p.${name}_o + i32(i) * p.${name}_r + i32(j) * p.${name}_c); }`;
  if (use === 'atomic') {
    return `${at}
fn add_${name}(i: u32, j: u32, v: u32) { atomicAdd(&buffer${n}[${index}], v); }
fn or_${name}(i: u32, j: u32, v: u32) { atomicOr(&buffer${n}[${index}], v); }`;
  }
  const read = `${at}
fn ${name}(i: u32, j: u32) -> ${type} { let v = buffer${n}[${index}]; return ${value}; }
fn ${name}1(n: u32) -> ${type} { return ${name}(0u, n); }
fn ${name}_data(at: u32) -> ${ELEMENT[kind]} { return buffer${n}[at]; }${
    kind === 'doubles'
      ? `
fn ${name}_pair(i: u32, j: u32) -> vec2<f32> { return buffer${n}[${index}]; }`
      : ''
  }`;
  if (use === 'read') return read;
  const stored = kind === 'doubles' ? 'vec2<f32>(v, 0.0)' : 'v';
  return `${read}
fn set_${name}(i: u32, j: u32, v: ${type}) { buffer${n}[${index}] = ${stored}; }
fn set_${name}1(n: u32, v: ${type}) { set_${name}(0u, n, v); }
fn set_${name}_data(at: u32, v: ${ELEMENT[kind]}) { buffer${n}[at] = v; }${
    kind === 'doubles'
      ? `
fn set_${name}_pair(i: u32, j: u32, v: vec2<f32>) { buffer${n}[${index}] = v; }`
      : ''
  }`;
}

/** Of numbers that are bound as vectors of four. */
function wideAccessors(name: string, use: Use, n: number): string {
  const read = `const has_${name} = true;
fn ${name}_at(i: u32, j: u32) -> u32 { return u32(p.${name}_o + i32(i) * p.${name}_r + i32(j) * p.${name}_c); }
fn ${name}_data(at: u32) -> f32 { return buffer${n}[at >> 2u][at & 3u]; }
fn ${name}(i: u32, j: u32) -> f32 { return ${name}_data(${name}_at(i, j)); }
fn ${name}_wide(at: u32) -> vec4<f32> { return buffer${n}[at >> 2u]; }`;
  return use === 'read' ? read : `${read}\nfn set_${name}_wide(at: u32, v: vec4<f32>) { buffer${n}[at >> 2u] = v; }`;
}
