import type { GradientRow } from '../../proof/gradient-suite.ts';
import { FLOAT32_LIMIT, LIMIT } from '../../proof/limits.ts';

const SHOWN = 20;

/** The cells of a row that name what was checked. */
export function names(row: GradientRow): string[] {
  const { model, hidden, activation, output, loss, tied, objective } = row;
  return [model, hidden.join('-') || 'none', activation, output, loss, tied, objective];
}

/** The failed rows, worst first, at most 20 of them; and what all of them have that some row that passed has not. */
export function failures(rows: readonly GradientRow[]): { shown: GradientRow[]; more: number; shared: string[] } {
  const failed = rows.filter((row) => !row.passed);
  const shown = [...failed].sort((a, b) => excess(b) - excess(a)).slice(0, SHOWN);
  const passed = rows.filter((row) => row.passed).map((row) => new Set(traits(row)));
  const every = failed.map((row) => new Set(traits(row)));
  const shared = (every.length === 0 ? [] : [...every[0]]).filter(
    (trait) => every.every((traitsOf) => traitsOf.has(trait)) && passed.some((traitsOf) => !traitsOf.has(trait)),
  );
  return { shown, more: failed.length - shown.length, shared };
}

/** How many times its limit an error is; NaN is the worst of all. */
function excess({ normRelativeError, float32Error }: GradientRow): number {
  const times = Math.max(normRelativeError / LIMIT, float32Error / FLOAT32_LIMIT);
  return Number.isNaN(times) ? Number.MAX_VALUE : times;
}

/** What a row is made of, one thing an entry. Layers are left apart: `kl on layer 1` is `kl`; `kl averaged` is a `kl` too. */
function traits({ model, hidden, activation, output, loss, tied, objective }: GradientRow): string[] {
  return [
    model,
    `${hidden.length} hidden layers`.replace(/^1 (.*)s$/, '1 $1'),
    `f ${activation}`,
    `output ${output}`,
    loss,
    tied,
    ...objective.split(' + ').flatMap((term) => {
      const kind = term.replace(/ on layer \d+$/, '');
      return [...new Set([kind.replace(/ averaged$/, ''), kind])];
    }),
  ];
}
