import { optimizers } from '../../optimizers/table.ts';
import type { FitOptions } from '../../training/options.ts';
import { short } from '../output.ts';

/**
 * A cost and what it is: of mini-batches the mean over the last epoch, while θ moved; of an optimizer of the whole set that of
 * the model as it is.
 */
export function costText(cost: number, steps: number, { optimizer }: Pick<FitOptions, 'optimizer'>): string {
  const mean = optimizers[optimizer?.kind ?? 'adam']?.data === 'batch';
  return `${short(cost, 6)}${mean ? ', the mean of the last epoch,' : ''} after ${steps} steps`;
}
