import { call, groupsOf, program, type Stage } from '../call.ts';
import { extent } from '../pieces.ts';
import type { Product } from './lies.ts';

const kernel = program({
  name: 'gemm, small',
  views: { out: 'write', a: 'read', b: 'read', start: 'read' },
  numbers: { columns: 'u32', size: 'u32', depth: 'u32', alpha: 'f32', beta: 'f32' },
  code: `
fn run(group: u32, lane: u32) {
  let e = group * 256u + lane;
  if (e >= p.size) { return; }
  let i = e / p.columns;
  let j = e % p.columns;
  var sum = 0.0;
  for (var k = 0u; k < p.depth; k++) { sum = fma(a(i, k), b(k, j), sum); }
  if (p.beta == 0.0) { set_out(i, j, p.alpha * sum); }
  else { set_out(i, j, fma(p.alpha, sum, p.beta * start(i, j))); }
}`,
});

/** out = α·a·b + β·start, an element a lane: sums along the depth in order. */
export function multiplySmall(stage: Stage, { out, a, b, alpha, beta, start }: Product): void {
  const [rows, depth] = extent(a);
  const columns = extent(b)[1];
  const size = rows * columns;
  call(stage, kernel, { out, a, b, start }, { columns, size, depth, alpha, beta }, groupsOf(size));
}
