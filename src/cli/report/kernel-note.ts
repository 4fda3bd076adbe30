import type { Precision } from '../../array/matrix.ts';
import { otherKernels } from '../../kernels/create.ts';
import type { Runtime } from '../../model/runtime.ts';
import { ranOn, ranOnLines } from '../../report/ran-on.ts';
import { say } from '../output.ts';

/** Says on stderr where a model of this precision does not run on the kernels that are meant for it. */
export function tellKernels(precision: Precision = 'float32'): void {
  const note = otherKernels(precision);
  if (note !== null) say(`rhohat: ${note}`);
}

/** The same of a model, and what it runs on where a GPU was asked for. */
export function tellRuntime(precision: Precision, runtime: Runtime): void {
  if (runtime.device === 'cpu') tellKernels(precision);
  if (runtime.device === 'cpu' && runtime.chosen === null) return;
  say(`rhohat: ${ranOnLines(ranOn(runtime)).join('; ')}`);
}
