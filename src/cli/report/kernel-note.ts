import type { Precision } from '../../array/matrix.ts';
import { otherKernels } from '../../kernels/create.ts';
import { say } from '../output.ts';

/** Says on stderr where a model of this precision does not run on the kernels that are meant for it. */
export function tellKernels(precision: Precision = 'float32'): void {
  const note = otherKernels(precision);
  if (note !== null) say(`rhohat: ${note}`);
}
