import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { digits } from '../harness/report.ts';
import type { Saved } from '../harness/saved.ts';
import { drawHistory } from './draw.ts';
import { type Line, linesOf } from './line.ts';
import { type Slower, slower } from './slower.ts';

const LINES = 'bench/history.jsonl';
const PICTURE = 'bench/history.svg';

/** The lines of a history, oldest first. */
export function parseHistory(text: string): Line[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

/** One that became slower, in words. */
export function told({ engine, step, by, before, now, noise }: Slower): string {
  const [was, is] =
    by === 'ms' ? [`${digits(before)} ms`, `${digits(now)} ms`] : [before, now].map((v) => `${v.toFixed(2)}×`);
  const of = by === 'ms' ? '' : ` of PyTorch's time, ${by}`;
  const percent = (share: number) => `${digits(100 * share)}%`;
  return `slower: ${engine}, ${step}: ${was} → ${is}${of}, +${percent(now / before - 1)}; noise ${percent(noise)}`;
}

/**
 * Adds runs of `steps` to the history, draws it, and says what became slower than in the runs before by more than their
 * noise. @returns what there is to say, and whether something is slower.
 */
export function updateHistory(files: readonly string[]): { said: string[]; isSlower: boolean } {
  for (const file of files) {
    const saved = JSON.parse(readFileSync(file, 'utf8')) as Saved;
    if (saved.command.includes('--smoke')) throw new Error(`${file} is of --smoke, which says nothing of speed`);
    const lines = linesOf(saved);
    if (lines.length === 0) throw new Error(`${file} has no steps: npm run bench -- steps --json ${file} saves them`);
    appendFileSync(LINES, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  }
  const lines = parseHistory(existsSync(LINES) ? readFileSync(LINES, 'utf8') : '');
  writeFileSync(PICTURE, drawHistory(lines));
  const found = slower(lines);
  const said = [`${LINES}: ${lines.length} lines; ${PICTURE}`, ...found.map(told)];
  return { said: found.length === 0 ? [...said, 'nothing is slower than before'] : said, isSlower: found.length > 0 };
}
