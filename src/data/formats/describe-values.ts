import { numberAt } from '../../array/numbers.ts';
import { typeOf } from '../../array/type-of.ts';
import type { Examples } from '../examples.ts';
import { round } from '../preprocessing/column-scale.ts';

/** Numbers that are looked at, in tables and in other data: of larger ones, rows evenly spread. */
const LOOKED_AT = { table: 2 ** 24, other: 2 ** 20 };
/** Columns of a table that are looked at one by one. */
const MOST_COLUMNS = 2 ** 12;
/** Deviations from the others that a value lies away to be told. */
const FAR = 24;
const SHOWN = 3;

/** What is seen of the numbers of a column; sums are of differences from its first number. */
interface Sums {
  readonly first: Float64Array;
  readonly n: Float64Array;
  readonly sum: Float64Array;
  readonly squares: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/**
 * The numbers of examples in words: type, range, mean against deviation, how many are missing, and of a table the columns in which one
 * value lies dozens of deviations from all others: "float64, from 0.1 to 99, mean 5.1, deviation 12".
 */
export function describeValues(stacks: readonly Examples[]): string {
  const types = [
    ...new Set(
      stacks.map(({ x }) =>
        typeOf(x.data)
          .replace(/(Clamped)?(Array|Numbers)$/, '')
          .toLowerCase(),
      ),
    ),
  ];
  const sums = stacks.map(sumsOf);
  let [low, high, n, total] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (const each of sums) {
    for (let j = 0; j < each.n.length; j++) {
      if (each.n[j] === 0) continue;
      low = Math.min(low, each.low[j]);
      high = Math.max(high, each.high[j]);
      n += each.n[j];
      total += each.sum[j] + each.n[j] * each.first[j];
    }
  }
  const mean = total / n;
  let spread = 0;
  for (const { n: count, sum, squares, first } of sums) {
    for (let j = 0; j < count.length; j++) {
      const off = first[j] - mean;
      if (count[j] > 0) spread += squares[j] + 2 * off * sum[j] + count[j] * off ** 2;
    }
  }
  const gaps = stacks.reduce((sum, each) => sum + (each.gaps ?? 0), 0);
  const isPart = stacks.some((each) => each.x.shape[0] > rowsSeen(each));
  const told = [
    n === 0
      ? types.join(', ')
      : `${types.join(', ')} from ${round(low)} to ${round(high)}, mean ${round(mean)}, deviation ${round(Math.sqrt(Math.max(0, spread) / n))}${isPart ? ' (of rows evenly spread)' : ''}`,
    gaps === 0 ? '' : `${gaps.toLocaleString('en-US')} missing`,
    stacks.length === 1 ? farText(stacks[0], sums[0]) : '',
  ];
  return told.filter((text) => text !== '').join('; ');
}

function rowsSeen({ x, positions, treatment }: Examples): number {
  const [m, d] = x.shape;
  const most = positions === undefined && treatment === undefined ? LOOKED_AT.other : LOOKED_AT.table;
  return Math.min(m, Math.max(1, Math.floor(most / Math.max(1, d))));
}

/** Of each column; of images and of wide rows of all columns together. */
function sumsOf(examples: Examples): Sums {
  const { x, unit, image } = examples;
  const [m, d] = x.shape;
  const apart = image === undefined && d <= MOST_COLUMNS;
  const columns = apart ? d : 1;
  const made = () => new Float64Array(columns);
  const sums = { first: made(), n: made(), sum: made(), squares: made(), low: made(), high: made() };
  const rows = rowsSeen(examples);
  const row = new Float64Array(d);
  for (let k = 0; k < rows; k++) {
    const p = x.offset + Math.floor((k * m) / rows) * x.stride[0];
    for (let i = 0; i < d; i++) row[i] = numberAt(x.data, p + i * x.stride[1]) / unit;
    if (apart) addToEach(sums, row);
    else addToAll(sums, row);
  }
  return sums;
}

/** Each number to its own column. */
function addToEach({ first, n, sum, squares, low, high }: Sums, row: Float64Array): void {
  for (let j = 0; j < row.length; j++) {
    const value = row[j];
    if (Number.isNaN(value)) continue; // a gap
    if (n[j]++ === 0) first[j] = low[j] = high[j] = value;
    else if (value < low[j]) low[j] = value;
    else if (value > high[j]) high[j] = value;
    const off = value - first[j];
    sum[j] += off;
    squares[j] += off * off;
  }
}

/** All numbers to the one column that there is. */
function addToAll(sums: Sums, row: Float64Array): void {
  let [[first], [n], [sum], [squares], [low], [high]] = [
    sums.first,
    sums.n,
    sums.sum,
    sums.squares,
    sums.low,
    sums.high,
  ];
  for (let j = 0; j < row.length; j++) {
    const value = row[j];
    if (Number.isNaN(value)) continue; // a gap
    if (n++ === 0) first = low = high = value;
    else if (value < low) low = value;
    else if (value > high) high = value;
    const off = value - first;
    sum += off;
    squares += off * off;
  }
  sums.first[0] = first;
  sums.n[0] = n;
  sums.sum[0] = sum;
  sums.squares[0] = squares;
  sums.low[0] = low;
  sums.high[0] = high;
}

/** The columns of a table in which one value is far from all others. */
function farText({ columns, image, positions, treatment }: Examples, sums: Sums): string {
  if (image !== undefined || (positions === undefined && treatment === undefined)) return '';
  const far = Array.from(sums.n.keys()).flatMap((j) => {
    const found = [sums.low[j], sums.high[j]].map((value) => ({ value, times: deviationsOff(sums, j, value) }));
    const most = found[0].times > found[1].times ? found[0] : found[1];
    return most.times >= FAR && Number.isFinite(most.times)
      ? [{ ...most, name: columns?.[j] ?? `column ${j + 1}` }]
      : [];
  });
  const shown = far
    .sort((a, b) => b.times - a.times)
    .slice(0, SHOWN)
    .map(
      ({ name, value, times }) =>
        `${name.slice(0, 60)} holds ${round(value)}, ${round(Math.round(times))} deviations from its others`,
    );
  return shown.join(', ') + (far.length > SHOWN ? `, and ${far.length - SHOWN} columns more are so` : '');
}

/** How many standard deviations of the others a value of a column lies from their mean; ∞ where they are equal. */
function deviationsOff({ first, n, sum, squares }: Sums, j: number, value: number): number {
  if (n[j] < 3) return 0;
  const own = value - first[j];
  const mean = (sum[j] - own) / (n[j] - 1);
  const variance = (squares[j] - own ** 2) / (n[j] - 1) - mean ** 2;
  // What rounding leaves of equal numbers is no deviation.
  return variance > (1e-12 * Math.max(own ** 2, mean ** 2)) / n[j]
    ? Math.abs(own - mean) / Math.sqrt(variance)
    : Infinity;
}
