import type { AnyNumbers, View as AnyView, Numbers } from '../array/matrix.ts';

/** What kernels on a CPU see of a view: blocks are the typed arrays that they have allocated. */
export type View<D extends AnyNumbers = Numbers> = AnyView<D>;
