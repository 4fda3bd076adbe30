import { scoreHistogram } from '../../figures/score-histogram.ts';
import { VERSION } from '../../version.ts';
import { commandText } from '../command-text.ts';
import { type Flagged, flaggedText } from '../flagged.ts';
import { chart } from './images.ts';
import { cut, html, type Markup } from './markup.ts';
import { reportPage } from './page.ts';
import { table } from './run-report.ts';

/** A column of an example, and how much of its score comes from it. */
export interface OddColumn {
  readonly name: string;
  /** Of the example's squared error: what goes with its repair; where that was not tried, its own part. In [0, 1]. */
  readonly share: number;
  /** The score with what the model expects in its place. */
  readonly left?: number;
  /** In the units of the data, where preprocessing can be undone: what stands there, and what the model expected. */
  readonly value?: number | string;
  readonly expected?: number | string;
}

/** An example with a high score. */
export interface OddRow {
  /** From 0. */
  readonly example: number;
  /** Of a table: where it begins in the file, from 1. */
  readonly line?: number | undefined;
  readonly id?: string | undefined;
  readonly score: number;
  readonly isFlagged: boolean;
  /** The ones that its score comes from most, the first the oddest. */
  readonly columns: readonly OddColumn[];
}

/** What `rhohat score` found. */
export interface ScoreAccount {
  readonly model: string;
  readonly source: string;
  readonly command: readonly string[];
  readonly scores: ArrayLike<number>;
  readonly median: number;
  readonly flagged: Flagged;
  /** The highest scores, the highest first. */
  readonly rows: readonly OddRow[];
}

/** The page about anomaly scores: the threshold and what it flags, the odd rows with where they stand and what is odd, a histogram. */
export function scoreReport(account: ScoreAccount): Promise<string> {
  const { model, source, command, scores, median, flagged, rows } = account;
  const m = scores.length;
  const largest = rows[0]?.score ?? Number.NaN;
  const numbers = {
    examples: m.toLocaleString('en-US'),
    flagged: flagged.count.toLocaleString('en-US'),
    threshold: short(flagged.threshold),
    'median score': short(median),
    'highest score': short(largest),
  };
  const body = html`<header><p class="soft">rhohat · anomaly scores</p><h1>${cut(source, 120)}</h1><p class="says">Scored by ${cut(model, 200)}. A score says how badly the model can say an example in its own words: the squared error of its reconstruction, summed over the columns. Ordinary examples have small ones.</p></header>
<main>
<dl class="numbers">${Object.entries(numbers).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
<section><h2>Threshold</h2><p>${flaggedText(flagged, m)}.</p>${chart(`The scores of ${m} examples, and the threshold`, (width) => scoreHistogram(scores, { threshold: flagged.threshold, width }))}</section>
<section><h2>Odd rows</h2><p class="soft">The ${rows.length} highest scores. Shaded rows are flagged. ${saysOf(rows)}.</p>${rowTable(rows)}</section>
<section><h2>What was run</h2><pre>${cut(commandText(command), 4000)}</pre>${table([
    ['model', model],
    ['data', source],
  ])}</section>
</main>
<footer>rhohat ${VERSION}</footer>`;
  return reportPage(`${cut(source, 120)}: anomaly scores`, body);
}

function rowTable(rows: readonly OddRow[]): Markup {
  const [hasLine, hasId] = [rows.some(({ line }) => line !== undefined), rows.some(({ id }) => id !== undefined)];
  const body = rows.map(
    ({ example, line, id, score, isFlagged, columns }) =>
      html`<tr${isFlagged && FLAGGED}><td class="number" title="example">${example}</td>${hasLine && html`<td class="number" title="line">${line}</td>`}${hasId && html`<td class="text">${cut(id ?? '')}</td>`}<td class="number" title="score">${short(score)}</td><td class="odd">${columns.map((column, i) => html`${i > 0 && SPACE}${odd(column)}`)}</td></tr>`,
  );
  return html`<div class="scroll"><table class="rows"><thead><tr><th class="number">example</th>${hasLine && html`<th class="number">line</th>`}${hasId && html`<th>id</th>`}<th class="number">score</th><th>odd columns</th></tr></thead><tbody>${body}</tbody></table></div>`;
}

/** What stands under the columns. */
function saysOf(rows: readonly OddRow[]): string {
  const stands = rows.some(({ columns }) => columns[0]?.value !== undefined)
    ? 'what stands there, what the model expected, '
    : '';
  return rows.some(({ columns }) => columns[0]?.left !== undefined)
    ? `A column is odd where the score falls once the column is as all others lead one to expect: ${stands}and what the score would be then`
    : `Of each column: ${stands}and its share of the score`;
}

const FLAGGED = html` class="flagged"`;
const SPACE = html`<br>`;

function odd({ name, share, left, value, expected }: OddColumn): Markup {
  const stands = value === undefined || expected === undefined ? '' : `${short(value)}, expected ${short(expected)}: `;
  return html`<b>${cut(name, 80)}</b> ${stands}${left === undefined ? `${Math.round(100 * share)}%` : `the score would be ${short(left)}`}`;
}

function short(value: number | string): string {
  if (typeof value === 'string') return value;
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : '–';
}
