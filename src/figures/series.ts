import { assertList, assertObject } from '../array/argument-check.ts';
import { InputError } from '../errors.ts';
import { colours, termColours } from './theme.ts';
import { type Point, thin } from './thin.ts';

/** One record of a training run. */
export interface HistoryPoint {
  /** Where on the x axis. */
  readonly step: number;
  /** J, the sum of the terms. */
  readonly cost: number;
  /** The summands of the cost, by name. */
  readonly terms: Readonly<Record<string, number>>;
  /** The cost on held-out examples, where it was measured. */
  readonly validation?: number | undefined;
}

/** A curve with its name and dress. */
export interface Series {
  readonly name: string;
  readonly color: string;
  readonly strokeWidth: number;
  readonly dashes?: string | undefined;
  readonly points: readonly Point[];
}

const MOST_POINTS = 1000;
const RECORD = '{ step: 1, cost: 1.5, terms: { reconstruction: 1.5 } }';
/**
 * The curves of a history: total cost, each term that is not zero throughout, and validation where it was measured.
 * Throws an InputError if the history is empty or a number in it is not finite.
 */
export function seriesOf(history: readonly HistoryPoint[]): Series[] {
  assertList(history, 'history', 'records, such as the history of what await fit(…) gives');
  if (history.length === 0) throw new InputError('the history is empty: there is nothing to draw');
  history.forEach((point, i) => {
    assertObject(point, `history.${i}`, RECORD);
    assertObject(point.terms, `history.${i}.terms`, '{ reconstruction: 1.5 }');
  });
  const cost = curve(history, 'cost', (point) => point.cost);
  const names = new Set(history.flatMap((point) => Object.keys(point.terms)));
  const terms = [...names]
    .map((name) => ({ name, points: curve(history, `term ${name}`, (point) => point.terms[name]) }))
    .filter(({ points }) => points.some(([, value]) => value !== 0));
  const validation = curve(history, 'validation', (point) => point.validation);
  return [
    { name: 'total cost', color: colours.ink, strokeWidth: 3, points: cost },
    ...terms.map(({ name, points }, i) => ({
      name: inWords(name),
      color: colourOf(name, i),
      strokeWidth: 1.5,
      ...(i < termColours.length ? {} : { dashes: '2,2' }),
      points,
    })),
    ...(validation.length > 0
      ? [{ name: 'validation', color: colours.violet, strokeWidth: 1.75, dashes: '6,3', points: validation }]
      : []),
  ];
}

/** Terms of every run have the same colour in every picture and page; others take what is left. */
const OWN_COLOURS: Readonly<Record<string, string>> = {
  reconstruction: colours.blue,
  sparsity: colours.vermilion,
  weightDecay: colours.green,
  contraction: colours.purple,
  auxiliary: colours.ochre,
};
const OTHERS = termColours.filter((colour) => !Object.values(OWN_COLOURS).includes(colour));

function colourOf(name: string, i: number): string {
  return Object.hasOwn(OWN_COLOURS, name) ? OWN_COLOURS[name] : OTHERS[i % OTHERS.length];
}

function curve(
  history: readonly HistoryPoint[],
  what: string,
  measure: (point: HistoryPoint) => number | undefined,
): readonly Point[] {
  const points: Point[] = [];
  for (const point of history) {
    const value = measure(point);
    if (value === undefined) continue;
    if (!Number.isFinite(point.step)) throw new InputError(`a step of the history is ${point.step}: steps are numbers`);
    if (!Number.isFinite(value)) {
      throw new InputError(`${what} is ${value} at step ${point.step}: only finite values can be drawn`);
    }
    points.push([point.step, value]);
  }
  return thin(points, MOST_POINTS);
}

/** 'weightDecay' → 'weight decay' */
function inWords(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, (_, end: string, begin: string) => `${end} ${begin.toLowerCase()}`);
}
