import type { HeatMap } from '../../figures/heat-map.ts';
import { shorten } from '../../figures/words.ts';
import { oneLine } from '../printable.ts';
import { attempt } from '../report/attempt.ts';
import type { SweepPlan } from './plan.ts';
import { bestOf, type Combination } from './rows.ts';

/** What curves are called, and what they are of. */
export const VALIDATION = 'validation error';

/** curves.svg and heatmap.svg. What has nothing to show is left out. */
export async function sweepPictures(
  plan: SweepPlan,
  combinations: readonly Combination[],
): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const best = bestOf(combinations);
  // Plotting is loaded when there is something to draw.
  const drawn = combinations.some(({ rows }) => rows.some(({ result }) => result.curves.validation.length > 0));
  if (drawn) {
    const { names, says } = legendOf(plan, combinations);
    const { overlaidCurves } = await import('../../figures/overlaid-curves.ts');
    const svg = await attempt('curves.svg is', () =>
      overlaidCurves(
        combinations.map((one, i) => ({
          name: names[i],
          curves: one.rows.map(({ result }) => result.curves.validation),
          isBest: one === best,
        })),
        {
          title: `Validation error of ${combinations.length} ${combinations.length === 1 ? 'setting' : 'settings'}`,
          xLabel: 'epoch',
          yLabel: VALIDATION,
          note: [
            ...(says === null ? [] : [says]),
            ...(plan.seeds.length > 1 ? [`Strong: mean of ${plan.seeds.length} seeds; faint: each of them.`] : []),
            'Numbers are those at the end.',
          ].join(' '),
        },
      ),
    );
    if (svg !== undefined) files.set('curves.svg', svg);
  }
  const map = heatMapOf(plan, combinations);
  if (map === null) return files;
  const { heatMap } = await import('../../figures/heat-map.ts');
  const svg = await attempt('heatmap.svg is', () => heatMap(map));
  if (svg !== undefined) files.set('heatmap.svg', svg);
  return files;
}

/** Characters of a name in a legend, and of a value in it where names are longer. */
const LONGEST_NAME = 36;
const LONGEST_VALUE = 16;

/** Names for a legend: where they are too long, of the values alone, with a line that says of what. */
function legendOf(plan: SweepPlan, combinations: readonly Combination[]): { names: string[]; says: string | null } {
  const whole = combinations.map(({ values }) => nameOf(plan, values));
  const several = plan.vary.flatMap(({ values }, i) => (values.length > 1 ? [i] : []));
  if (several.length === 0 || whole.every((name) => name.length <= LONGEST_NAME)) return { names: whole, says: null };
  const names = combinations.map(({ values }) =>
    several.map((i) => shorten(oneLine(values[i]), LONGEST_VALUE)).join(' · '),
  );
  const keys = several.map((i) => plan.vary[i].key.split('.').pop());
  return { names, says: `Names: ${keys.join(' · ')}.` };
}

/** "weight 1, target 0.01". */
export function nameOf({ vary, seeds }: SweepPlan, values: readonly string[]): string {
  if (vary.length === 0) return seeds.length === 1 ? `seed ${seeds[0]}` : `${seeds.length} seeds`;
  return vary.map(({ key }, i) => `${key.split('.').pop()} ${oneLine(values[i])}`).join(', ');
}

/**
 * The mean validation error by the first two keys that have several values, those with more values down; over further keys the least. null
 * where nothing varies, or no run has ended.
 */
export function heatMapOf(plan: SweepPlan, combinations: readonly Combination[]): HeatMap | null {
  const { vary } = plan;
  const several = vary.flatMap(({ values }, i) => (values.length > 1 ? [i] : []));
  if (several.length === 0 || combinations.every(({ validation }) => validation === null)) return null;
  const [a, b] = several;
  const [down, across] = b === undefined || vary[a].values.length >= vary[b].values.length ? [a, b] : [b, a];
  const side = (i: number) => ({ name: vary[i].key, values: vary[i].values.map(oneLine) });
  const columns = across === undefined ? [undefined] : vary[across].values;
  let best: [number, number] | undefined;
  let least = Number.POSITIVE_INFINITY;
  const cells = vary[down].values.map((row, i) =>
    columns.map((column, j) => {
      const errors = combinations
        .filter(({ values }) => values[down] === row && (across === undefined || values[across] === column))
        .flatMap(({ validation }) => (validation === null ? [] : [validation]));
      if (errors.length === 0) return null;
      const error = errors.reduce((x, y) => Math.min(x, y));
      if (error < least) [least, best] = [error, [i, j]];
      return error;
    }),
  );
  const others = several.slice(2).map((i) => oneLine(vary[i].key));
  const notes = [
    plan.seeds.length > 1 ? `Mean of ${plan.seeds.length} seeds.` : '',
    others.length > 0 ? `The least over ${others.join(', ')}.` : '',
    'The frame marks the least; – is a setting of which a run did not end.',
  ];
  return {
    title: 'Validation error by setting',
    measure: VALIDATION,
    rows: side(down),
    columns: across === undefined ? undefined : side(across),
    cells,
    best,
    note: notes.filter((note) => note !== '').join(' '),
  };
}
