import { CELLS, met, shortCellsOf } from './cells.ts';
import { duration } from './format.ts';
import { NOTHING, tableLines } from './markdown.ts';
import type { Record_ } from './record.ts';
import type { Figure, Row } from './row.ts';

/** All rows together may take this long on two cores. */
const HOURS = 16;

/** The table of all rows, a line for each headline; how many limits are met, and the time of all. */
export function overview(rows: readonly Row[], records: ReadonlyMap<string, Record_>): string[] {
  const seconds = [...records.values()].reduce((sum, record) => sum + record.seconds, 0);
  const within = seconds <= HOURS * 3600 ? '' : ', **more than that**';
  const asked = [...records.values()].flatMap(({ figures }) => figures).filter(({ target }) => target !== undefined);
  const missed = asked.filter((figure) => !met(figure)).length;
  return [
    ...tableLines(
      ['row', 'figure', ...CELLS],
      rows.flatMap((row) => lines(row, records.get(row.name))),
    ),
    '',
    `Of ${asked.length} limits ${asked.length - missed} are met${missed > 0 ? `, and ${missed} **missed**` : ''}. All rows together: ${duration(seconds)}; at most ${HOURS} h on two cores are allowed${within}.`,
    '',
  ];
}

function lines({ name, title }: Row, record: Record_ | undefined): string[][] {
  const link = `[\`${name}\`](#${name})`;
  if (record === undefined) return [[link, title, NOTHING, 'not run yet', NOTHING, NOTHING, NOTHING]];
  return headlines(record.figures).map((figure, i) => [i === 0 ? link : '', figure.what, ...shortCellsOf(figure)]);
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
