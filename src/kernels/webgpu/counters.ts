/**
 * WGSL of whole numbers in doubles, to 2^48: (high, low) with high a multiple of 2^24 and 0 ≤ low < 2^24. Nothing is rounded, so no
 * compiler that reorders sums can harm them. Pairs that were written from this side may have a low part below 0.
 */
export const COUNTERS = `
fn sum_of(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  let low = a.y + b.y;
  return vec2<u32>(a.x + b.x + (low >> 24u), low & 0xffffffu);
}
/** A counter as its multiple of 2^24 and the rest. */
fn count_of(x: vec2<f32>) -> vec2<u32> {
  let above = floor(x.x / 16777216.0);
  var high = i32(above);
  var low = i32(x.x - above * 16777216.0) + i32(x.y);
  if (low < 0) { high -= 1; low += 16777216; }
  return sum_of(vec2<u32>(u32(high), 0u), vec2<u32>(0u, u32(low)));
}
fn pair_of(count: vec2<u32>) -> vec2<f32> { return vec2<f32>(f32(count.x) * 16777216.0, f32(count.y)); }
fn is_least(a: vec2<u32>, b: vec2<u32>) -> bool { return a.x > b.x || (a.x == b.x && a.y >= b.y); }
/** A counter and a number. */
fn add_count(x: vec2<f32>, n: u32) -> vec2<f32> { return pair_of(sum_of(count_of(x), vec2<u32>(n >> 24u, n & 0xffffffu))); }`;

/** A number on this side as COUNTERS' pairs; what is no whole number counts as the next above it. */
export function countOf(value: number): { readonly high: number; readonly low: number } {
  const whole = Math.max(0, Math.min(2 ** 53, Math.ceil(value)));
  return { high: Math.floor(whole / 2 ** 24), low: whole % 2 ** 24 };
}
