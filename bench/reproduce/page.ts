import { duration } from '../../src/cli/output.ts';
import type { Drawn, Figure, Outcome, Row } from './row.ts';

/** docs/results/<name>.json: what a full run of a row found, on what machine, in what time. */
export interface Record_ extends Outcome {
  readonly name: string;
  readonly command: string;
  readonly seconds: number;
  readonly machine: string;
  readonly kernels: readonly string[];
  readonly date: string;
}

const HEAD = `# The literature, reproduced

Every figure below comes from one command, \`npm run reproduce\`, on data that \`RHOHAT_DATA\` names
([data/README.md](../data/README.md)); \`npm run reproduce -- <name>\` runs one row and \`--quick\` all of them on small
sizes. Results of steps are kept in \`runs/reproduce\`: a run that was interrupted goes on where it was.

Hyper-parameters were chosen on MNIST's last 10,000 training images, never on the test images, which are looked at once a
figure, unless the published recipe fixes them. Where there are several seeds, "ours" is their mean ± their standard deviation.
*Published* is only what was read in the paper or course itself; the ratio is ours over published. Time is that of all
steps of a row, on two cores.
`;

/** docs/results.md from what was recorded; rows that were not run yet are named. */
export function page(rows: readonly Row[], records: ReadonlyMap<string, Record_>): string {
  const index = rows.map((row) => indexLine(row, records.get(row.name)));
  const sections = rows.flatMap((row) => {
    const record = records.get(row.name);
    return record ? [section(row, record)] : [];
  });
  const total = [...records.values()].reduce((sum, { seconds }) => sum + seconds, 0);
  return [
    HEAD,
    '| row | figure | published | ours | asked |',
    '|---|---|---|---|---|',
    ...index,
    '',
    `All rows together: ${duration(total)}.`,
    '',
    ...sections,
  ].join('\n');
}

function indexLine({ name, title }: Row, record: Record_ | undefined): string {
  const link = `[\`${name}\`](#${name})`;
  if (record === undefined) return `| ${link} | ${title} | | not run yet | |`;
  return record.figures
    .map(
      (figure, i) =>
        `| ${i === 0 ? link : ''} | ${figure.what} | ${published(figure)} | ${ours(figure)} | ${asked(figure)} |`,
    )
    .join('\n');
}

function section(row: Row, record: Record_): string {
  const { figures, pictures, remarks, seconds, command, machine, kernels, date } = record;
  return [
    `## ${row.name}`,
    '',
    `**${row.title}**`,
    '',
    `Published: ${row.published}`,
    '',
    `Here: ${row.setup}`,
    '',
    '| figure | published | ours | ratio | asked |',
    '|---|---|---|---|---|',
    ...figures.map((figure) => {
      const note = figure.note ? ` (${figure.note})` : '';
      return `| ${figure.what} | ${published(figure)} | ${ours(figure)}${note} | ${ratio(figure)} | ${asked(figure)} |`;
    }),
    '',
    ...remarks.flatMap((remark) => [`- ${remark}`]),
    ...(remarks.length > 0 ? [''] : []),
    `${duration(seconds)}; \`${command}\`; ${machine}; kernels ${kernels.join(', ') || 'none'}; ${date}.`,
    '',
    ...pictures.flatMap((picture) => [show(picture, command), '']),
  ].join('\n');
}

function show({ file, caption }: Drawn, command: string): string {
  return `![${caption.replaceAll(/[[\]]/g, '')}](results/${file})\n\n*${caption}* \`${command}\``;
}

function published({ published, unit }: Figure): string {
  if (published === null) return '–';
  return typeof published === 'number' ? withUnit(published, unit) : published;
}

function ours({ ours, unit }: Figure): string {
  const mean = meanOf(ours);
  const text = withUnit(mean, unit);
  if (ours.length < 2) return text;
  const spread = Math.sqrt(ours.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (ours.length - 1));
  return `${text} ± ${number(spread)} (${ours.map(number).join(', ')})`;
}

function ratio({ published, ours }: Figure): string {
  return typeof published === 'number' && published !== 0 ? number(meanOf(ours) / published) : '–';
}

function asked({ target, unit, ours }: Figure): string {
  if (target === undefined) return '–';
  const mean = meanOf(ours);
  const [sign, bound, holds] =
    'atMost' in target ? ['≤', target.atMost, mean <= target.atMost] : ['≥', target.atLeast, mean >= target.atLeast];
  return `${sign} ${withUnit(bound, unit)}${holds ? '' : ', **missed**'}`;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}

function withUnit(value: number, unit: Figure['unit']): string {
  if (unit === 's') return duration(value);
  return `${number(value)}${unit}`;
}

/** Four significant digits at most, two decimals where they are enough. */
function number(value: number): string {
  const plain = Math.abs(value) >= 1 ? value.toFixed(2) : value.toPrecision(3);
  return String(Number(plain));
}
