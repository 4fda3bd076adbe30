/** WGSL of products and quotients in pairs, to some 2⁻⁴⁷. [Dekker 1971] */
export const PRODUCTS = `
/** a·b as a pair: of halves of 12 bits, whose products are exact. */
fn product_pair(a: f32, b: f32) -> vec2<f32> {
  let p = a * b;
  if (!(abs(p) < 3.4e38)) { return vec2<f32>(p, 0.0); }
  let a_high = bitcast<f32>(bitcast<u32>(a) & 0xfffff000u);
  let b_high = bitcast<f32>(bitcast<u32>(b) & 0xfffff000u);
  let a_low = a - a_high;
  let b_low = b - b_high;
  return vec2<f32>(p, ((a_high * b_high - p) + a_high * b_low + a_low * b_high) + a_low * b_low);
}
fn multiply_pairs(a: vec2<f32>, b: vec2<f32>) -> vec2<f32> {
  let p = product_pair(a.x, b.x);
  if (!(abs(p.x) < 3.4e38)) { return p; } // no ∞·0
  return add_pairs(p, vec2<f32>(a.x * b.y + a.y * b.x, 0.0));
}
fn divide_pairs(a: vec2<f32>, b: vec2<f32>) -> vec2<f32> {
  let first = a.x / b.x;
  let rest = add_pairs(a, -multiply_pairs(vec2<f32>(first, 0.0), b));
  let second = (rest.x + rest.y) / b.x;
  return add_pairs(vec2<f32>(first, 0.0), vec2<f32>(second, 0.0));
}`;
