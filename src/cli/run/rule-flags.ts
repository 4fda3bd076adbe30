import { type RuleConfig, rules } from '../../training/rules/table.ts';
import { anyTyped, type Kinds, ruleKinds, specFromFlags } from '../flags/part-flags.ts';

/** The rules of a run: the base's, those of them that flags name changed, others that flags name behind them. */
export function rulesFromFlags(base: readonly RuleConfig[] = [], flags: object): readonly RuleConfig[] {
  const made = new Map(base.map((rule) => [rule.kind, rule]));
  for (const kind of Object.keys(rules) as RuleConfig['kind'][]) {
    const own: Kinds = { [kind]: ruleKinds[kind] };
    if (!anyTyped(own, flags)) continue;
    const spec = specFromFlags(own, kind, flags, made.get(kind), kind);
    made.set(kind, spec as unknown as RuleConfig);
  }
  return [...made.values()];
}
