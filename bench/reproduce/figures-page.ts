import { summarised } from './format.ts';
import { pictureLines } from './markdown.ts';
import type { Record_ } from './record.ts';
import { captionOf, shownAt } from './section.ts';
import { type SeedFigure, seedFigures } from './seed-figures.ts';

/** The page of pictures, and its place in docs/. */
export const FIGURES = { title: 'Figures of the literature, beside ours', path: 'results/figures.md' };

const HEAD = `Lecture notes, a report and a blog from which many learn of sparse autoencoders have figures; these are ours that answer
them. Theirs are not copied here: they are told by their number, their caption and what the text says of them, as we read
those texts without their pictures. Every picture below is drawn by the row that it names: [all rows](../results.md).
`;

/** docs/results/figures.md from what was recorded: a section for each figure whose row was run. */
export function figuresPage(records: ReadonlyMap<string, Record_>): string {
  return [`# ${FIGURES.title}`, '', HEAD, ...seedFigures.flatMap((figure) => shown(figure, records))].join('\n');
}

function shown(
  { title, theirs, row, files, ours, numbers }: SeedFigure,
  records: ReadonlyMap<string, Record_>,
): string[] {
  const record = records.get(row);
  const drawn = files.flatMap((file) => record?.pictures.find((picture) => picture.file === file) ?? []);
  if (record === undefined || drawn.length === 0) return [];
  const measured = Object.entries(numbers).flatMap(([what, name]) => {
    const figure = record.figures.find((one) => one.what === what);
    return figure ? [`${name} ${summarised(figure)}`] : [];
  });
  return [
    `## ${title}`,
    '',
    `**Theirs:** ${theirs}`,
    '',
    ...pictureLines(drawn.map((picture) => shownAt(picture.file, picture))),
    '',
    `**Ours:** ${ours}${measured.length > 0 ? ` In numbers: ${measured.join('; ')}.` : ''} [\`${row}\`](../results.md#${row})`,
    '',
    ...captionOf(drawn),
  ];
}
