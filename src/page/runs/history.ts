import type { Point } from '../../figures/thin.ts';
import type { MetricsLine } from '../../report/metrics-line.ts';
import { fromJson, isRecord, number, whole } from './plain.ts';

/** Numbers of a line that are drawn, beside J, validation and the terms. */
export type Measure = 'gradientNorm' | 'learningRate' | 'examplesPerSecond' | 'l0' | 'dead';
/** What a curve shows: of a term, its name after 'term '. */
export type Quantity = 'cost' | 'validation' | Measure | `term ${string}`;

const MOST = 12_000; // lines: every second one is forgotten beyond that
const MOST_KEPT = 3000; // lines with a validation: while they are as few, they stay
const MOST_TERMS = 200; // of a line

/** The lines of metrics.jsonl as far as they have come. */
export class RunHistory {
  /** In the order of their steps. */
  lines: readonly MetricsLine[] = [];
  /** Lines that made no sense. */
  unreadable = 0;
  private readonly names = new Set<string>();

  /** Adds whole lines. A step that was there already takes the place of what followed it: the run went on from an earlier one. */
  add(text: string): void {
    const lines = [...this.lines];
    for (const row of text.split('\n')) {
      if (row.trim() === '') continue;
      const line = lineOf(fromJson(row));
      if (line === null) {
        this.unreadable++;
        continue;
      }
      while (lines.length > 0 && lines[lines.length - 1].step >= line.step) lines.pop();
      lines.push(line);
      for (const [name, value] of Object.entries(line.terms)) if (value !== 0) this.names.add(name);
    }
    this.lines = lines;
    while (this.lines.length > MOST) this.lines = halved(this.lines);
  }

  clear(): void {
    this.lines = [];
    this.unreadable = 0;
    this.names.clear();
  }

  get last(): MetricsLine | null {
    return this.lines[this.lines.length - 1] ?? null;
  }

  /** Names of the terms that are not 0 throughout, in the order in which they came. */
  get terms(): readonly string[] {
    return [...this.names];
  }

  /** The last number of a quantity; null where there is none. */
  latest(quantity: Quantity): number | null {
    for (let i = this.lines.length - 1; i >= 0; i--) {
      const value = measureOf(this.lines[i], quantity);
      if (value !== null) return value;
    }
    return null;
  }

  /** Where it was measured: (step, value), or, of a given number of steps an epoch, (epochs, value). */
  points(quantity: Quantity, stepsPerEpoch: number | null): readonly Point[] {
    const points: Point[] = [];
    for (const line of this.lines) {
      const value = measureOf(line, quantity);
      if (value !== null) points.push([line.step / (stepsPerEpoch ?? 1), value]);
    }
    return points;
  }

  /** As far as the lines tell. */
  get stepsPerEpoch(): number {
    return this.lines.reduce((most, { step, epoch }) => Math.max(most, step / epoch), 1);
  }

  /** Seconds a step takes, by the last lines; null where too few are there. */
  get secondsPerStep(): number | null {
    const last = this.last;
    const before = this.lines[Math.floor(0.8 * (this.lines.length - 1))];
    if (last === null || before.step >= last.step || last.seconds <= before.seconds) return null;
    return (last.seconds - before.seconds) / (last.step - before.step);
  }
}

function halved(lines: readonly MetricsLine[]): readonly MetricsLine[] {
  const validated = lines.filter(({ validation }) => validation !== undefined).length;
  return lines.filter(
    ({ validation }, i) =>
      i % 2 === 0 || i === lines.length - 1 || (validated <= MOST_KEPT && validation !== undefined),
  );
}

function measureOf(line: MetricsLine, quantity: Quantity): number | null {
  if (quantity.startsWith('term ')) {
    const name = quantity.slice('term '.length);
    return Object.hasOwn(line.terms, name) ? line.terms[name] : null;
  }
  return line[quantity as 'cost' | 'validation' | Measure] ?? null;
}

/** null where the value is no line: it has neither a step nor an epoch. */
function lineOf(value: unknown): MetricsLine | null {
  if (!isRecord(value)) return null;
  const [step, epoch] = [whole(value.step), whole(value.epoch)];
  if (step === null || epoch === null) return null;
  const terms = Object.entries(isRecord(value.terms) ? value.terms : {}).slice(0, MOST_TERMS);
  const [validation, looked] = [number(value.validation), number(value.looked)];
  return {
    ...{ step, epoch: Math.max(1, epoch), cost: number(value.cost) },
    terms: Object.fromEntries(terms.map(([name, term]) => [name, number(term)])),
    gradientNorm: number(value.gradientNorm),
    learningRate: number(value.learningRate),
    examplesPerSecond: number(value.examplesPerSecond),
    seconds: number(value.seconds) ?? 0,
    ...{ l0: number(value.l0), dead: number(value.dead) },
    ...(validation === null ? {} : { validation }),
    ...(looked === null ? {} : { looked }),
  };
}
