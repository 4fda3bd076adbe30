import { InputError } from '../errors.ts';
import { show } from '../validate.ts';
import type { FitOptions, FitPlan } from './options.ts';

/** What of a run processes cannot share a model's latents in: the options, and why. */
const REFUSED = {
  group: 'the processes that share the latents are the group already: each takes every row',
  parts: 'which cannot be shared among processes: leave them out',
} as const;

/** @throws InputError where processes that share the latents of a model cannot train it so. */
export function assertShared({ optimizer, rules = [] }: FitPlan, options: FitOptions, data: 'batch' | 'whole'): void {
  for (const [key, why] of Object.entries(REFUSED)) {
    if (options[key as keyof FitOptions] === undefined) continue;
    throw new InputError(`options.${key} is given for a model whose latents processes share: ${why}`);
  }
  if (data === 'whole') {
    throw new InputError(
      `options.optimizer is ${show(optimizer.kind)} for a model whose latents processes share, which it cannot train: use adam or sgd`,
    );
  }
  const rule = rules.find(({ kind }) => kind !== 'clip-norm' && kind !== 'unit-norm');
  if (rule === undefined) return;
  throw new InputError(
    `options.rules has ${show(rule.kind)} for a model whose latents processes share: it must be of clip-norm and unit-norm alone; AuxK revives dead units there`,
  );
}
