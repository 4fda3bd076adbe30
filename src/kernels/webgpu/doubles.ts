import type { View } from '../../array/matrix.ts';
import type { GpuBlock, Kind } from './block.ts';
import { program } from './call.ts';

/** Products of pairs, exact to some 2⁻⁴⁷; without fma, which WGSL may compute in two steps. [Dekker 1971] */
const PRODUCTS = `
/** The upper 12 bits: products of such numbers are exact. */
fn upper(x: f32) -> f32 { return bitcast<f32>(bitcast<u32>(x) & 0xfffff000u); }
fn multiply_pairs(a: vec2<f32>, b: vec2<f32>) -> vec2<f32> {
  let product = a.x * b.x;
  if (!(abs(product) < 3.4e38)) { return vec2<f32>(product, 0.0); }
  let c = upper(a.x);
  let d = upper(b.x);
  let e = a.x - c;
  let f = b.x - d;
  let rest = (((c * d - product) + c * f) + e * d) + e * f;
  let low = rest + (a.x * b.y + a.y * b.x);
  let high = product + low;
  return vec2<f32>(high, low - (high - product));
}
`;

type Wide = 'doubles' | 'numbers';
/** `wide_x(i, j)` is x as a pair, wherever it lies. */
const WIDE = {
  doubles: (name: string) => `fn wide_${name}(i: u32, j: u32) -> vec2<f32> { return ${name}_pair(i, j); }`,
  numbers: (name: string) => `fn wide_${name}(i: u32, j: u32) -> vec2<f32> { return vec2<f32>(${name}(i, j), 0.0); }`,
};
/** The factors are pairs too. */
const blendPairs = (out: Wide, x: Wide, y: Wide) =>
  program({
    name: `blend ${x} and ${y} to ${out}`,
    views: { out: 'write', x: 'read', y: 'read' },
    numbers: { alpha: 'f32', alpha_low: 'f32', beta: 'f32', beta_low: 'f32' },
    code: `${PRODUCTS}${WIDE[x]('x')}
${WIDE[y]('y')}
fn each(i: u32, j: u32) {
  let left = multiply_pairs(vec2<f32>(p.alpha, p.alpha_low), wide_x(i, j));
  let sum = add_pairs(left, multiply_pairs(vec2<f32>(p.beta, p.beta_low), wide_y(i, j)));
  ${out === 'doubles' ? 'set_out_pair(i, j, sum)' : 'set_out(i, j, sum.x + sum.y)'};
}`,
  });

const blends = new Map<string, ReturnType<typeof blendPairs>>();

/** out = α·x + β·y where any of them lies in doubles; null where none does. */
export function blendOf(...views: readonly [out: View, x: View, y: View]) {
  const [out, x, y] = views.map(kindOf) as [Wide, Wide, Wide];
  const key = `${out} ${x} ${y}`;
  if (!key.includes('doubles')) return null;
  let kernel = blends.get(key);
  if (kernel === undefined) {
    kernel = blendPairs(out, x, y);
    blends.set(key, kernel);
  }
  return kernel;
}

/** Of what a view's numbers lie in. */
export function kindOf({ data }: View): Kind {
  return (data as GpuBlock).kind;
}

/** out = x, both doubles. */
export const copyPairs = program({
  name: 'copy doubles',
  views: { out: 'write', x: 'read' },
  numbers: {},
  code: 'fn each(i: u32, j: u32) { set_out_pair(i, j, x_pair(i, j)); }',
});
