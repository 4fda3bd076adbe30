/** Products of pairs, exact to some 2⁻⁴⁷; without fma, which WGSL may compute in two steps. [Dekker 1971] */
export const PAIR_PRODUCTS = `
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
