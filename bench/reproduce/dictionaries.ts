import { askedText, met } from './cells.ts';
import { deviationOf, meanOf } from './format.ts';
import { NOTHING, withoutEmpty } from './markdown.ts';
import type { Figure, Outcome, Table } from './row.ts';

/** Measures that tables of dictionaries show. */
const SHOWN = ['L0', 'EV', 'MCC', 'F1'] as const;
type Measure = (typeof SHOWN)[number];

/** Those of which more is better. L0 is what a dictionary is set to. */
const MERITS = ['EV', 'MCC', 'F1'] as const;
const HALF_A_DIGIT = 5e-4;

/** By this measure, the reference's, dictionaries are ranked: how well the true features are found. */
const RANKED_BY: Measure = 'MCC';
const BEST = 3;

/** One measure of a dictionary, beside the reference's: `data`, dictionary: measure. */
interface Measured {
  readonly data: string;
  readonly dictionary: string;
  readonly measure: Measure;
  readonly figure: Figure;
  readonly ours: number;
  readonly reference: number | null;
}

/** A dictionary on a data set, with what was measured of it. */
interface Line {
  readonly dictionary: string;
  readonly of: Partial<Record<Measure, Measured>>;
}

/** Whether a figure is a measure of a dictionary, which stands in a table of all of them. */
export function isOfDictionary(figure: Figure): boolean {
  return parsed(figure) !== null;
}

/** For each data set of a record a table, dictionary × measure: ours beside the reference, and how many limits hold. */
export function limitsTables(record: Outcome): Table[] {
  return [...byData(record)].map(([data, lines], i, { length }) => {
    const rows = lines.map(({ dictionary, of }) => [dictionary, ...SHOWN.map((name) => cell(of, name)), held(of)]);
    const [head, cells] = withoutEmpty([data === '' ? 'dictionary' : `\`${data}\``, ...SHOWN, 'limits held'], rows);
    return {
      head,
      rows: cells,
      note: i === length - 1 && cells.flat().some((text) => text.includes('(')) ? 'In parentheses the reference.' : '',
    };
  });
}

/**
 * The three dictionaries of each data set whose reference finds the features best, by its MCC: ours beside it, above it or not. A
 * record's name stands where it has one data set alone.
 */
export function bestTable(records: ReadonlyMap<string, Outcome>): Table | null {
  const groups = [...records].flatMap(([name, record]) =>
    [...byData(record)].map(([data, lines]) => ({ data: data || name, name, lines: best(lines) })),
  );
  const known = groups.filter(({ lines }) => lines.length > 0);
  if (known.length === 0) return null;
  return {
    head: [`best by ${RANKED_BY}`, ...SHOWN, 'above the reference'],
    rows: known.flatMap(({ data, name, lines }) =>
      lines.map(({ dictionary, of }) => [
        `[\`${data}\`](#${name}) ${dictionary}`,
        ...SHOWN.map((measure) => cell(of, measure)),
        verdict(placesOf(of)),
      ]),
    ),
    note: `Above the reference in ${RANKED_BY}: ${known.map(({ data, lines }) => `${above(lines)} of ${lines.length} on \`${data}\``).join(', ')}.`,
  };
}

function above(lines: readonly Line[]): number {
  return lines.filter(({ of }) => placesOf(of).above.includes(RANKED_BY)).length;
}

/** In the order of the reference's measure; without one a dictionary has no place. */
function best(lines: readonly Line[]): Line[] {
  const rank = ({ of }: Line) => of[RANKED_BY]?.reference ?? Number.NEGATIVE_INFINITY;
  return lines
    .filter((line) => Number.isFinite(rank(line)))
    .sort((a, b) => rank(b) - rank(a))
    .slice(0, BEST);
}

/** Where ours is above the reference, level with it to its digits, and below. */
interface Places {
  readonly above: readonly Measure[];
  readonly level: readonly Measure[];
  readonly below: readonly Measure[];
}

function placesOf(of: Line['of']): Places {
  const differences = MERITS.flatMap((name) => {
    const one = of[name];
    return one === undefined || one.reference === null
      ? []
      : [{ name, difference: Number(one.ours.toFixed(3)) - Number(one.reference.toFixed(3)) }];
  });
  const names = (holds: (difference: number) => boolean) =>
    differences.filter(({ difference }) => holds(difference)).map(({ name }) => name);
  return {
    above: names((d) => d > HALF_A_DIGIT),
    level: names((d) => Math.abs(d) <= HALF_A_DIGIT),
    below: names((d) => d < -HALF_A_DIGIT),
  };
}

function verdict({ above, level, below }: Places): string {
  const parts = [
    above.join(', '),
    level.length > 0 ? `level: ${level.join(', ')}` : '',
    below.length > 0 ? `**below: ${below.join(', ')}**` : '',
  ];
  return parts.filter(Boolean).join('; ') || NOTHING;
}

/** 0.919 ± 0.001 (0.917): ours over the seeds, and the reference's. L0 may be a note of the other measures alone. */
function cell(of: Line['of'], name: Measure): string {
  const written = (value: number) => value.toFixed(name === 'L0' ? 2 : 3);
  const one = of[name];
  if (one === undefined) {
    const noted = name === 'L0' ? Object.values(of).flatMap(({ figure }) => l0In(figure.note) ?? []) : [];
    return noted.length > 0 ? written(noted[0]) : NOTHING;
  }
  const { figure, ours, reference } = one;
  const spread = figure.ours.length > 1 ? ` ± ${written(deviationOf(figure.ours))}` : '';
  return written(ours) + spread + (reference === null ? '' : ` (${written(reference)})`);
}

/** 4 of 4; which ones do not. */
function held(of: Line['of']): string {
  const asked = SHOWN.flatMap((name) => of[name] ?? []).filter(({ figure }) => figure.target !== undefined);
  if (asked.length === 0) return NOTHING;
  const missed = asked.filter(({ figure }) => !met(figure));
  const names = missed.map(({ measure, figure }) => `${measure} ${askedText(figure)}`).join(', ');
  return `${asked.length - missed.length} of ${asked.length}${names ? `, **missed:** ${names}` : ''}`;
}

/** Dictionaries of each data set, '' where the figures name none, in the order of the record. */
function byData({ figures }: Outcome): Map<string, Line[]> {
  const found = new Map<string, Line[]>();
  for (const one of figures.flatMap((figure) => parsed(figure) ?? [])) {
    const lines = found.get(one.data) ?? [];
    found.set(one.data, lines);
    const line = lines.find(({ dictionary }) => dictionary === one.dictionary);
    if (line) line.of[one.measure] = one;
    else lines.push({ dictionary: one.dictionary, of: { [one.measure]: one } });
  }
  return found;
}

/** "`mini`, TopK, k = 5: EV"; L0 may be a distance in percent, and then its note says L0 itself. */
function parsed(figure: Figure): Measured | null {
  const [, data = '', dictionary, measure] = FORM.exec(figure.what) ?? [];
  if (dictionary === undefined) return null;
  const noted = figure.unit === '%' ? numberIn(figure.note) : null;
  return {
    data,
    dictionary,
    measure: measure as Measure,
    figure,
    ours: noted ?? meanOf(figure.ours),
    reference: typeof figure.published === 'number' ? figure.published : numberIn(figure.published),
  };
}

const FORM = new RegExp(`^(?:\\\`([^\\\`]+)\\\`, )?(.+): (${SHOWN.join('|')})(?:, off .*)?$`);

/** "L0 = 24.60". */
function l0In(note: string | undefined): number | null {
  return note?.startsWith('L0 = ') ? numberIn(note) : null;
}

/** The first number of a text that is not part of a name, as 0 is of L0. */
function numberIn(text: string | null | undefined): number | null {
  const [number] = /(?<![\w.])\d+(\.\d+)?/.exec(text ?? '') ?? [];
  return number === undefined ? null : Number(number);
}
