import { isFiniteIn, type Precision } from '../array/matrix.ts';
import { InputError } from '../errors.ts';

/**
 * Numbers that the precision cannot hold would turn infinite in a kernel. Normal draws go to ten times their deviation.
 * @throws InputError naming the key of the first such number in a config.
 */
export function assertHolds(value: unknown, name: string, precision: Precision): void {
  if (typeof value === 'number') {
    if (isFiniteIn(precision, name.endsWith('.deviation') ? 10 * value : value)) return;
    throw new InputError(`${name} is ${value}: ${precision} cannot hold it, or what it is multiplied by`);
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, own] of Object.entries(value)) assertHolds(own, `${name}.${key}`, precision);
}
