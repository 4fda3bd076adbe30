import { CELLS, cellsOf } from './cells.ts';
import { isOfDictionary, limitsTables } from './dictionaries.ts';
import { duration, each } from './format.ts';
import { LEADS } from './leads.ts';
import { anchor, fold, italic, NOTHING, pictureLines, type Shown, tableLines, withoutEmpty } from './markdown.ts';
import type { Record_ } from './record.ts';
import type { Drawn, Figure, Row, Table } from './row.ts';
import { searchTable } from './search.ts';

export const TITLE = 'The literature, reproduced';

/** A table with more lines is folded, and so is a remark or a set-up with more letters. */
const LINES = 9;
const LETTERS = 450;
const SHORT = 220;

/** A row: its picture, its figures, how they were come by and what made the difference; what few will read is folded. */
export function section(row: Row, record: Record_, beside: readonly Table[]): string[] {
  const {
    figures,
    tables = [],
    ablation,
    remarks,
    tried = [],
    search,
    setup = row.setup,
    seconds,
    command,
    machine,
    by,
    date,
  } = record;
  const [first, more] = divided(row.name, record.pictures);
  const shown = figures.filter((figure) => !isOfDictionary(figure));
  const open = remarks.filter(({ length }) => length <= LETTERS);
  const searched = [...remarks.filter(({ length }) => length > LETTERS), ...tried];
  return [
    `## ${row.name}`,
    '',
    `**${row.title}**`,
    '',
    ...picturesWithCaption(first),
    ...figureLines(shown),
    ...limitsTables(record).flatMap(tableWithNote),
    `\`${command}\` · ${duration(seconds)} · ${[machine, ...by].join('; ')} · ${date}`,
    '',
    `*Published:* ${row.published}`,
    '',
    ...(setup.length <= SHORT ? [`*Here:* ${setup}`, ''] : []),
    ...(ablation ? ['**What made the difference**', '', ...tableWithNote(ablation)] : []),
    ...beside.flatMap(tableWithNote),
    ...tables.filter(({ rows }) => rows.length <= LINES).flatMap(tableWithNote),
    ...list(open),
    ...(setup.length > SHORT ? fold('Set-up here, and every difference', [capital(setup)]) : []),
    ...eachSeed(shown),
    ...tables
      .filter(({ rows }) => rows.length > LINES)
      .flatMap((table) => fold(`All lines and measures: ${table.head[0]}`, tableWithNote(table).slice(0, -1))),
    ...(searched.length > 0 ? fold('What was tried', list(searched).slice(0, -1)) : []),
    ...(search
      ? fold(`Searched: ${search.trials.length} settings`, tableWithNote(searchTable(search)).slice(0, -1))
      : []),
    ...(more.length > 0
      ? fold(
          more.length === 1 ? 'One more picture' : `${more.length} more pictures`,
          more.flatMap((one) => picturesWithCaption([one])).slice(0, -1),
        )
      : []),
    `[↑ all rows](#${anchor(TITLE)})`,
    '',
  ];
}

/** A row that was not run yet: what it is, and what is known of it. */
export function awaited({ name, title, published, setup, tried = [] }: Row): string[] {
  return [
    `## ${name}`,
    '',
    `**${title}**`,
    '',
    'Not run yet.',
    '',
    `*Published:* ${published}`,
    '',
    ...(tried.length > 0 ? ['**What was tried**', '', ...list(tried)] : []),
    ...fold('Set-up here, and every difference', [capital(setup)]),
    `[↑ all rows](#${anchor(TITLE)})`,
    '',
  ];
}

/** What a picture shows, in a few words: where it cannot be seen, and under each of several. */
export function shownAt(path: string, { caption }: Drawn): Shown {
  return { path, text: caption.split(/[.:;] /)[0].replaceAll(/[[\]]|\.$/g, '') };
}

/** Pictures that open a section, and the others: those that the row marks, or the page, or the first of all. */
function divided(name: string, drawn: readonly Drawn[]): [readonly Drawn[], readonly Drawn[]] {
  const kinds = [
    drawn.filter(({ first }) => first),
    drawn.filter(({ file }) => LEADS[name]?.includes(file)),
    drawn.slice(0, 1),
  ];
  const lead = kinds.find(({ length }) => length > 0) ?? [];
  return [lead, drawn.filter((one) => !lead.includes(one))];
}

/** Under several pictures stands what each shows, and then what their captions say besides, what they say alike once. */
function picturesWithCaption(shown: readonly Drawn[]): string[] {
  if (shown.length === 0) return [];
  const lines = pictureLines(shown.map((one) => shownAt(`results/${one.file}`, one)));
  return [...lines, '', ...captionOf(shown)];
}

/** In italics: the caption of one picture, or what captions of several say beside their first sentences. */
export function captionOf(shown: readonly Drawn[]): string[] {
  if (shown.length === 1) return [italic(shown[0].caption), ''];
  const said = new Set(shown.flatMap(({ caption }) => caption.split(/(?<=\.) (?=[\p{Lu}\d])/u).slice(1)));
  return said.size > 0 ? [italic([...said].join(' ')), ''] : [];
}

function figureLines(figures: readonly Figure[]): string[] {
  if (figures.length === 0) return [];
  const lines = figures.map((figure) => [figure.what, ...cellsOf(figure)]);
  return [...tableLines(...withoutEmpty(['figure', ...CELLS], lines)), ''];
}

/** The values of the seeds and what was chosen by: behind the mean of each figure. */
function eachSeed(figures: readonly Figure[]): string[] {
  if (figures.every(({ ours }) => ours.length <= 1)) return [];
  const rows = figures
    .filter(({ ours, note }) => ours.length > 1 || note)
    .map((figure) => [figure.what, figure.ours.length > 1 ? each(figure) : NOTHING, figure.note ?? NOTHING]);
  return rows.length > 0 ? fold('Each seed', tableLines(...withoutEmpty(['figure', 'ours', 'note'], rows))) : [];
}

function tableWithNote({ head, rows, note }: Table): string[] {
  return [...tableLines(head, rows), '', ...(note === '' ? [] : [note, ''])];
}

function list(remarks: readonly string[]): string[] {
  return remarks.length > 0 ? [...remarks.map((remark) => `- ${remark}`), ''] : [];
}

function capital(text: string): string {
  return text.replace(/^\p{L}/u, (letter) => letter.toUpperCase());
}
