/**
 * out[q + j] += Σₜ a[p + t]·b[j·k + t] for j = begin … end − 1: one row of A against rows of B, each k long.
 * Four rows of B at a time: a row of A is then read once for four sums.
 */
export function dotRows(
  out: Float64Array,
  q: number,
  a: Float64Array,
  p: number,
  b: Float64Array,
  begin: number,
  end: number,
  k: number,
): void {
  let j = begin;
  for (; j + 4 <= end; j += 4) {
    const b0 = j * k;
    const b1 = b0 + k;
    const b2 = b1 + k;
    const b3 = b2 + k;
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let t = 0; t < k; t++) {
      const v = a[p + t];
      s0 += v * b[b0 + t];
      s1 += v * b[b1 + t];
      s2 += v * b[b2 + t];
      s3 += v * b[b3 + t];
    }
    out[q + j] += s0;
    out[q + j + 1] += s1;
    out[q + j + 2] += s2;
    out[q + j + 3] += s3;
  }
  for (; j < end; j++) {
    let sum = 0;
    for (let t = 0; t < k; t++) sum += a[p + t] * b[j * k + t];
    out[q + j] += sum;
  }
}
