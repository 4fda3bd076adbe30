import { clipNorm } from './clip-norm.ts';
import { resample } from './resample.ts';
import type { RuleKind } from './rule.ts';
import { unitNorm } from './unit-norm.ts';

/** Rules around a step by the `kind` of their config. A new one is one file and one line here. */
export const rules = { 'clip-norm': clipNorm, 'unit-norm': unitNorm, resample };

type SpecsOf<T> = { [K in keyof T]: T[K] extends RuleKind<infer S> ? S : never }[keyof T];
/** What happens around a step: {@link ClipNormSpec}, {@link UnitNormSpec} or {@link ResampleSpec}. */
export type RuleConfig = SpecsOf<typeof rules>;
