import { duration, given, meanOf, measured, plain } from './format.ts';
import type { Drawn, Figure, Outcome, Row, Table } from './row.ts';

/** docs/results/<name>.json: what a full run of a row found, on what machine, in what time. */
export interface Record_ extends Outcome {
  readonly name: string;
  readonly command: string;
  readonly seconds: number;
  readonly machine: string;
  /** What trained: kernels, threads, Node. */
  readonly by: readonly string[];
  readonly date: string;
}

const TITLE = 'The literature, reproduced';
const HEAD = `# ${TITLE}

Every figure below comes from one command, \`npm run reproduce\`, on data that \`RHOHAT_DATA\` names
([data/README.md](../data/README.md)); \`npm run reproduce -- <name>\` runs one row and \`--quick\` all of them on small
sizes. Results of steps are kept in \`runs/reproduce\`: a run that was interrupted goes on where it was.

Hyper-parameters were chosen on MNIST's last 10,000 training images ("validation"), never on the test images, unless the
published recipe fixes them. "Ours" is of seed 1, or of seeds 1, 2, 3: mean ± sample standard deviation (n − 1), and each.
*Published* is only what was read in the paper or course itself; the ratio is ours over published. *Asked* is a limit that was
set before the row was first run; where it is not met the table says so. Remarks say "probably" where a cause was not tested.
Time is that of all steps of a row; \`simd\` are WebAssembly kernels of 128 bits, \`simd-wide\` those of 256 (\`--turbo\`).
`;

/** docs/results.md from what was recorded; rows that were not run yet are named. */
export function page(
  rows: readonly Row[],
  records: ReadonlyMap<string, Record_>,
  beside: (name: string, record: Record_) => readonly Table[] = () => [],
): string {
  const sections = rows.flatMap((row) => {
    const record = records.get(row.name);
    return record ? [section(row, record, beside(row.name, record))] : [];
  });
  const total = [...records.values()].reduce((sum, { seconds }) => sum + seconds, 0);
  return [
    HEAD,
    ...markdown(
      ['row', 'figure', 'published', 'ours', 'asked'],
      rows.flatMap((row) => indexLines(row, records.get(row.name))),
    ),
    '',
    `All rows together: ${duration(total)}.`,
    '',
    ...sections,
  ].join('\n');
}

/** The figures of a row that were published or asked for; the first two where none was. */
function indexLines({ name, title }: Row, record: Record_ | undefined): string[][] {
  const link = `[\`${name}\`](#${name})`;
  if (record === undefined) return [[link, title, '', 'not run yet', '']];
  const figures = record.figures.filter(({ detail }) => detail === undefined);
  const headlines = figures.filter(({ published, target }) => published !== null || target !== undefined);
  const shown = headlines.length > 0 ? headlines : figures.slice(0, 2);
  return shown.map((figure, i) => [
    i === 0 ? link : '',
    figure.what,
    published(figure),
    measured(figure),
    asked(figure),
  ]);
}

function section(row: Row, record: Record_, beside: readonly Table[]): string {
  const { figures, tables = [], pictures, remarks, seconds, command, machine, by, date } = record;
  const lines = figures.map((figure) => [
    figure.what,
    published(figure),
    measured(figure) + (figure.note ? ` (${figure.note})` : ''),
    ratio(figure),
    asked(figure),
  ]);
  return [
    '---',
    '',
    `## ${row.name}`,
    '',
    `**${row.title}**`,
    '',
    `*Published:* ${row.published}`,
    '',
    `*Here:* ${row.setup}`,
    '',
    ...markdown(...withoutEmpty(['figure', 'published', 'ours', 'ratio', 'asked'], lines)),
    '',
    ...[...tables, ...beside].flatMap(({ head, rows, note }: Table) => [...markdown(head, rows), '', note, '']),
    ...remarks.map((remark) => `- ${remark}`),
    ...(remarks.length > 0 ? [''] : []),
    ...pictures.flatMap((picture) => [show(picture, command), '']),
    `${duration(seconds)}; \`${command}\`; ${[machine, ...by, date].join('; ')}. [↑ all rows](#${anchor(TITLE)})`,
    '',
  ].join('\n');
}

/** As GitHub makes the anchor of a heading. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-');
}

/** Lines of a table; | would end a cell. */
function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)];
}

/** Without the columns in which nothing stands. */
function withoutEmpty(head: readonly string[], rows: readonly (readonly string[])[]): [string[], string[][]] {
  const keep = (_: string, j: number) => rows.some((cells) => cells[j] !== NOTHING);
  return [head.filter(keep), rows.map((cells) => cells.filter(keep))];
}

/** A picture with its caption and command; its first sentence stands for it where it cannot be seen. */
function show({ file, caption }: Drawn, command: string): string {
  const [first] = caption.split(/[.:;] /);
  return `![${first.replaceAll(/[[\]]/g, '')}](results/${file})\n\n*${caption.replaceAll(/[*_<]/g, '\\$&')}* \`${command}\``;
}

const NOTHING = '–';

function published({ published, unit }: Figure): string {
  if (published === null) return NOTHING;
  return typeof published === 'number' ? given(published, unit) : published;
}

function ratio({ published, ours }: Figure): string {
  return typeof published === 'number' && published !== 0 ? plain(meanOf(ours) / published, 3) : NOTHING;
}

function asked({ target, unit, ours }: Figure): string {
  if (target === undefined) return NOTHING;
  const mean = meanOf(ours);
  const [sign, bound, holds] =
    'atMost' in target ? ['≤', target.atMost, mean <= target.atMost] : ['≥', target.atLeast, mean >= target.atLeast];
  return `${sign} ${given(bound, unit)}${holds ? '' : ', **missed**'}`;
}
