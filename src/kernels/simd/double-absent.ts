/** What stands for double.ts in the one file for pages, which leaves it out. */
export function findDoubleMachine(): string {
  return 'the one file for pages leaves float64 in SIMD out: load the package instead';
}

/** There is no machine to create them on. */
export const createDoubleKernels = null;
