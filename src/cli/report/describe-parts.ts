import type { FullConfig } from '../../model/config.ts';

/** "kl target 0.1 weight 3", whatever the kind; entries of entries too: "penalty target-l0 weight 3". */
export function describePart(part: object): string {
  const { kind, layer: _, ...rest } = part as Readonly<Record<string, unknown>>;
  const entry = ([key, value]: [string, unknown]) =>
    `${key} ${typeof value === 'object' && value !== null ? describePart(value) : value}`;
  return [kind, ...Object.entries(rest).map(entry)].join(' ');
}

/** What a dictionary has beside what makes it sparse, a few words each. */
export function describeDictionary({ center, unitNorm, prefixes, auxiliary, skip }: FullConfig): string[] {
  return [
    center !== false && (center === true ? 'centred' : `centred at the ${center}`),
    unitNorm && 'unit norm',
    prefixes && `prefixes ${prefixes.widths.join(', ')} by their ${prefixes.weights}`,
    auxiliary && describePart(auxiliary),
    skip && 'skip',
  ].filter((part): part is string => typeof part === 'string');
}
