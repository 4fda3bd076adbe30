import { askedText, met, SHORT_CELLS, shortCellsOf } from './cells.ts';
import { duration, summarised } from './format.ts';
import { NOTHING, tableLines } from './markdown.ts';
import type { Record_ } from './record.ts';
import type { Figure, Row } from './row.ts';

/** All rows together may take this long on two cores. */
const HOURS = 16;
/** On so many cores, of which nearly every row takes one. */
const CORES = 2;

/** How many limits are met and which are not, the time of all rows, and the table of all, a line for each headline. */
export function overview(rows: readonly Row[], records: ReadonlyMap<string, Record_>): string[] {
  const times = [...records.values()].map(({ seconds }) => seconds);
  const together = times.reduce((sum, seconds) => sum + seconds, 0);
  const atOnce = longestOf(times, CORES);
  const within = atOnce <= HOURS * 3600 ? '' : ', **more than that**';
  const asked = rows.flatMap(({ name }) =>
    (records.get(name)?.figures ?? []).filter(({ target }) => target !== undefined).map((figure) => ({ name, figure })),
  );
  const missed = asked.filter(({ figure }) => !met(figure));
  const misses = missed.length > 0 ? `, ${missed.length} **missed**` : '';
  return [
    `Limits: ${asked.length}, of which ${asked.length - missed.length} are met${misses}. All rows: ${duration(together)} one after the other, ${duration(atOnce)} two at once (\`--jobs 2\`) by these times; at most ${HOURS} h on two cores are allowed${within}.`,
    '',
    ...missed.map(
      ({ name, figure }) =>
        `- **missed:** ${link(name)} ${figure.what}: ${summarised(figure)}, asked ${askedText(figure)}`,
    ),
    ...(missed.length > 0 ? [''] : []),
    ...tableLines(
      ['row', 'figure', ...SHORT_CELLS],
      rows.flatMap((row) => lines(row, records.get(row.name))),
    ),
    '',
  ];
}

/** When the last of `processes` ends that share the rows as `--jobs` does: the longest first, each the next that is left. */
function longestOf(times: readonly number[], processes: number): number {
  const busy = new Array<number>(processes).fill(0);
  for (const seconds of [...times].sort((a, b) => b - a)) busy[busy.indexOf(Math.min(...busy))] += seconds;
  return Math.max(...busy);
}

function lines({ name, title }: Row, record: Record_ | undefined): string[][] {
  if (record === undefined) return [[link(name), title, NOTHING, 'not run yet', NOTHING, NOTHING]];
  return headlines(record.figures).map((figure, i) => [
    i === 0 ? link(name) : '',
    figure.what,
    ...shortCellsOf(figure),
  ]);
}

/** Those that are marked; in a row without, what was asked for, or else what was published, or else the first two figures. */
function headlines(figures: readonly Figure[]): readonly Figure[] {
  const own = figures.filter(({ detail }) => detail === undefined);
  const kinds = [
    own.filter(({ headline }) => headline),
    own.filter(({ target }) => target !== undefined),
    own.filter(({ published }) => published !== null),
  ];
  return kinds.find(({ length }) => length > 0) ?? own.slice(0, 2);
}

function link(name: string): string {
  return `[\`${name}\`](#${name})`;
}
