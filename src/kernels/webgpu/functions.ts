/**
 * exp, log and their kin in WGSL, to some units in the last place: WGSL's own exp may be off by 2 + 2|x| of them, its log by 2⁻²¹
 * near 1, its tanh by 1e-5. A NaN stays one, and ±∞ give their limits, both told by their bits, as compilers may take it that neither
 * occurs. [polynomials of exp and tanh: S. L. Moshier, Cephes, expf.c and tanhf.c]
 */
export const FUNCTIONS = `
fn is_infinite(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) == 0x7f800000u; }
/** +∞, which a constant cannot be. */
fn infinity() -> f32 { return bitcast<f32>(0x7f800000u | (p.groups & 0u)); }
/** (eʳ − 1 − r)/r², |r| ≤ ½ log 2. */
fn exp_tail(r: f32) -> f32 {
  return fma(fma(fma(fma(fma(1.9875691500e-4, r, 1.3981999507e-3), r, 8.3334519073e-3), r, 4.1665795894e-2), r, 1.6666665459e-1), r, 5.0000001201e-1);
}
/** 2ⁿ, −127 < n < 128. */
fn power_of_two(n: i32) -> f32 { return bitcast<f32>(u32(n + 127) << 23u); }
/** n and r of x = n log 2 + r. */
fn reduced(x: f32) -> vec2<f32> {
  let n = floor(fma(x, 1.44269504, 0.5));
  return vec2<f32>(n, fma(n, 2.12194440e-4, fma(n, -0.693359375, x)));
}
fn exp_of(x: f32) -> f32 {
  if (is_nan(x)) { return x; }
  if (x < -104.0) { return 0.0; }
  if (x > 88.72284) { return infinity(); }
  let nr = reduced(x);
  let half_way = i32(nr.x) / 2;
  let r = nr.y;
  return (1.0 + fma(r * r, exp_tail(r), r)) * power_of_two(half_way) * power_of_two(i32(nr.x) - half_way);
}
/** eˣ − 1. */
fn expm1_of(x: f32) -> f32 {
  if (is_nan(x)) { return x; }
  if (x < -20.0) { return -1.0; }
  if (x > 20.0) { return exp_of(x); }
  let nr = reduced(x);
  let r = nr.y;
  let scale = power_of_two(i32(nr.x));
  return fma(scale, fma(r * r, exp_tail(r), r), scale - 1.0);
}
/** (artanh s)/s − 1 = s²/3 + s⁴/5 + …, |s| ≤ ⅓. */
fn artanh_tail(s: f32) -> f32 {
  let w = s * s;
  return w * fma(fma(fma(fma(fma(fma(fma(w, 0.058823529, 0.066666667), w, 0.076923077), w, 0.090909091), w, 0.11111111), w, 0.14285714), w, 0.2), w, 0.33333333);
}
/** log(1 + y), −½ ≤ y ≤ 1. */
fn log1p_of(y: f32) -> f32 {
  let s = y / (2.0 + y);
  return 2.0 * fma(s, artanh_tail(s), s);
}
/** y − log(1 + y) for the same y, without cancellation near 0. */
fn log1p_gap(y: f32) -> f32 {
  let s = y / (2.0 + y);
  return s * (y - 2.0 * artanh_tail(s));
}
/** log of a pair, at least 2⁻¹²⁶. */
fn log_of(x: vec2<f32>) -> f32 {
  let bits = bitcast<u32>(x.x);
  if (bits >= 0x7f800000u) { return x.x; }
  var n = i32(bits >> 23u) - 127;
  var m = bitcast<f32>((bits & 0x7fffffu) | 0x3f800000u);
  if (m > 1.4142135) { m = 0.5 * m; n++; }
  let y = (m - 1.0) + x.y * power_of_two(-n);
  return fma(f32(n), 0.693359375, fma(f32(n), -2.12194440e-4, log1p_of(y)));
}
/** σ(z) = 1/(1 + e⁻ᶻ), from e^−|z|. */
fn sigmoid_of(z: f32) -> f32 {
  let e = exp_of(-abs(z));
  let high = 1.0 / (1.0 + e);
  return select(high, e * high, z < 0.0);
}
/** log(1 + eᶻ) = max(z, 0) + log(1 + e^−|z|). */
fn softplus_of(z: f32) -> f32 {
  let tail = log1p_of(exp_of(-abs(z)));
  if (is_nan(z) || z > 0.0) { return z + tail; }
  return tail;
}
fn tanh_of(z: f32) -> f32 {
  let size = abs(z);
  if (size < 0.625) {
    let w = z * z;
    return fma(z * w, fma(fma(fma(fma(w, -5.70498872745e-3, 2.06390887954e-2), w, -5.37397155531e-2), w, 1.33314422036e-1), w, -3.33332819422e-1), z);
  }
  let t = 1.0 - 2.0 / (exp_of(min(2.0 * size, 40.0)) + 1.0);
  if (is_nan(z)) { return z; }
  return select(t, -t, z < 0.0);
}
/** The larger one, a NaN where either is one. */
fn larger(a: f32, b: f32) -> f32 {
  if (is_nan(a)) { return a; }
  if (is_nan(b) || b > a) { return b; }
  return a;
}
/** The largest of all lanes' numbers, for all of them. */
fn largest_of_lanes(lane: u32, own: f32) -> f32 {
  lanes[lane] = vec2<f32>(own, 0.0);
  workgroupBarrier();
  for (var reach = 128u; reach > 0u; reach = reach >> 1u) {
    if (lane < reach) { lanes[lane].x = larger(lanes[lane].x, lanes[lane + reach].x); }
    workgroupBarrier();
  }
  let top = lanes[0].x;
  workgroupBarrier();
  return top;
}
/** −1, 0 or 1. */
fn sign_of(x: f32) -> f32 {
  if (is_nan(x)) { return x; }
  return select(select(0.0, -1.0, x < 0.0), 1.0, x > 0.0);
}
`;

/** The largest z of a row, for all lanes of its group. */
export const LARGEST_OF_ROW = `
fn largest_of_row(row: u32, lane: u32) -> f32 {
  var own = z(row, min(lane, p.columns - 1u));
  for (var j = lane + 256u; j < p.columns; j += 256u) { own = larger(own, z(row, j)); }
  return largest_of_lanes(lane, own);
}
`;
