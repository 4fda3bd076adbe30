import { InputError } from '../errors.ts';

/** The sum itself. @throws InputError, naming it, where it is not finite. */
export function finiteSum(sum: number, what: string): number {
  if (Number.isFinite(sum)) return sum;
  throw new InputError(`${what} is ${sum}: it overflows float64; scale the data down`);
}
