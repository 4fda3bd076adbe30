import type { View } from '../../array/matrix.ts';
import type { Kernels } from '../kernels.ts';
import { program, type Stage } from './call.ts';
import { flattened } from './elementwise.ts';
import { multiply } from './products/product.ts';
import { slotOf, sumTo } from './sums.ts';

type Of = Required<Pick<Kernels, 'gemm' | 'gemmFrom' | 'weightDecayCost'>>;

const squares = program({
  name: 'weightDecayCost',
  views: { w: 'read' },
  numbers: {},
  code: 'fn value(i: u32, j: u32) -> f32 { let v = w(i, j); return v * v; }',
});

/** Products of matrices, and the half of weight decay that a product does not bring along. */
export function createProducts(stage: Stage): Of {
  return {
    gemm: (out, a, b, alpha, beta) => multiply(stage, { out, a, b, alpha, beta, start: beta === 0 ? null : out }),
    gemmFrom: (out, a, b, alpha, beta, from) => multiply(stage, { out, a, b, alpha, beta, start: from }),
    weightDecayCost(results, slot, w: View, lambda) {
      const [flat] = flattened(w);
      sumTo(stage, squares, flat, { w: flat }, {}, slotOf(results, slot), lambda / 2);
    },
  };
}
