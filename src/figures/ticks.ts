/** The scale of one axis: its ends, where the ticks stand and how they read. */
export interface Axis {
  readonly type: 'linear' | 'log';
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
  readonly label: (tick: number) => string;
}

const MANTISSAS = [1, 2, 5];
const MOST_POWERS = 8;
/** A span below this share of the values is rounding: such values count as constant. */
const FLAT = 1e-9;

/** The least of 1, 2, 5 · 10ᵏ that divides `span` into at most `count` parts. */
export function niceStep(span: number, count: number): number {
  const power = Math.floor(Math.log10(span / count));
  for (const mantissa of MANTISSAS) {
    const step = Number(`${mantissa}e${power}`);
    if (span / step <= count * (1 + FLAT)) return step;
  }
  return Number(`1e${power + 1}`);
}

/** A linear axis from a nice number at or below `low` to one at or above `high`; equal ends are spread apart. */
export function linearAxis(low: number, high: number, count = 6, leastStep = 0): Axis {
  const largest = Math.max(Math.abs(low), Math.abs(high));
  if (largest === 0) return linearAxis(0, 1, count, leastStep);
  const pad = high - low <= FLAT * largest ? 0.1 * largest : 0;
  const step = Math.max(leastStep, niceStep(high - low + 2 * pad, count));
  const first = Math.floor((low - pad) / step + FLAT);
  const last = Math.ceil((high + pad) / step - FLAT);
  const ticks: number[] = [];
  for (let i = first; i <= last; i++) ticks.push(exact(i * step));
  return { type: 'linear', domain: [ticks[0], ticks[ticks.length - 1]], ticks, label: stepLabel(step) };
}

/** A logarithmic axis over 0 < low < high, from and to 1, 2 or 5 · 10ᵏ. */
export function logAxis(low: number, high: number): Axis {
  const decades = Math.log10(high / low);
  const every = Math.ceil(decades / MOST_POWERS);
  const candidates: number[] = [];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    for (const mantissa of MANTISSAS) {
      const value = Number(`${mantissa}e${power}`);
      candidates.push(value);
      if (decades <= 2 || (mantissa === 1 && power % every === 0)) ticks.push(value);
    }
  }
  const first = candidates.filter((value) => value <= low).pop() ?? low;
  const last = candidates.find((value) => value >= high) ?? high;
  const inside = ticks.filter((value) => value >= first && value <= last);
  return { type: 'log', domain: [first, last], ticks: inside, label: logLabel(inside) };
}

/** Ticks at whole numbers low … high, for an axis that counts. */
export function wholeTicks(low: number, high: number, count = 8): number[] {
  const step = Math.max(1, niceStep(high - low, count));
  const ticks: number[] = [];
  for (let i = Math.ceil(low / step); i <= Math.floor(high / step); i++) ticks.push(i * step);
  return ticks;
}

/** A number to read: `digits` significant digits, exponents only for the very large and very small. */
export function shortNumber(value: number, digits = 4): string {
  const magnitude = Math.abs(value);
  const rounded = Number(value.toPrecision(digits));
  if (value === 0 || (magnitude >= 1e-3 && magnitude < 1e6)) return String(rounded);
  return rounded.toExponential().replace('e+', 'e');
}

/** Removes the rounding of i·step, as in 3 · 0.1 = 0.30000000000000004. */
function exact(value: number): number {
  return Number(value.toPrecision(12));
}

/** As many digits on every tick as the step needs, so that the labels line up and no two read the same. */
function stepLabel(step: number): (tick: number) => string {
  const power = Math.floor(Math.log10(step) + FLAT);
  if (power >= -4 && power <= 6) return (tick) => tick.toFixed(Math.max(0, -power));
  return (tick) => {
    if (tick === 0) return '0';
    const digits = Math.floor(Math.log10(Math.abs(tick)) + FLAT) - power;
    return tick.toExponential(Math.min(12, Math.max(0, digits))).replace('e+', 'e');
  };
}

/** Plain numbers where all are short; otherwise powers of ten: 10⁻⁴. */
function logLabel(ticks: readonly number[]): (tick: number) => string {
  const plain = ticks.every((tick) => tick >= 1e-3 && tick <= 1e5);
  return plain ? String : powerOfTen;
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

function powerOfTen(value: number): string {
  const [mantissa, power] = value.toExponential().split('e');
  const raised = [...String(Number(power))]
    .map((digit) => (digit === '-' ? '⁻' : SUPERSCRIPTS[Number(digit)]))
    .join('');
  return mantissa === '1' ? `10${raised}` : `${mantissa}·10${raised}`;
}
