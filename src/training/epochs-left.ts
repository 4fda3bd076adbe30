import { MOST_CORRUPTED_EPOCHS } from '../corruption/corruption.ts';
import { InputError } from '../errors.ts';
import type { Engine } from '../model/engine.ts';
import { drawnAnew } from '../model/spec.ts';
import { dataOf, type FitParts } from './fit-parts.ts';
import type { FitPlan } from './options.ts';

/** @throws InputError for a run of more epochs than the model still has draws for. */
export function assertEpochsLeft({ spec, epochs }: Engine, plan: FitPlan, parts?: FitParts): void {
  const what = drawnAnew(spec);
  if (what === null || dataOf(plan, parts) !== 'batch' || epochs + plan.epochs <= MOST_CORRUPTED_EPOCHS) return;
  const before = epochs > 0 ? ` after ${epochs}` : '';
  throw new InputError(
    `options.epochs is ${plan.epochs}${before} with ${what}, which is drawn anew for at most 2^21 = ${MOST_CORRUPTED_EPOCHS} epochs of a model: use fewer`,
  );
}
