import type { View } from '../../array/matrix.ts';
import type { GpuBlock, Kind } from './block.ts';
import { program } from './call.ts';
import { PRODUCTS } from './pair-products.ts';

type Wide = 'doubles' | 'numbers';
/** `wide_x(i, j)` is x as a pair, wherever it lies. */
const WIDE = {
  doubles: (name: string) => `fn wide_${name}(i: u32, j: u32) -> vec2<f32> { return ${name}_pair(i, j); }`,
  numbers: (name: string) => `fn wide_${name}(i: u32, j: u32) -> vec2<f32> { return vec2<f32>(${name}(i, j), 0.0); }`,
};
/** The factors are pairs too; products without fma, which WGSL may compute in two steps. */
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
