import type { Figure } from './row.ts';

/** 1.6 s, 48 s, 10 min, 10 min 5 s, 1 h 23 min. */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${plain(seconds, 2)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return joined(Math.floor(whole / 60), 'min', whole % 60, 's');
  const minutes = Math.round(seconds / 60);
  return joined(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
}

/** What was measured, once or for each seed: 97.41 ± 0.06% (97.35, 97.43, 97.46); of times the mean and the range. */
export function measured({ ours, unit }: Pick<Figure, 'ours' | 'unit'>): string {
  const short = summarised({ ours, unit });
  return unit === 's' || ours.length < 2 ? short : `${short} (${each({ ours, unit })})`;
}

/** The same without the values of the seeds: 97.41 ± 0.06%. */
export function summarised({ ours, unit }: Pick<Figure, 'ours' | 'unit'>): string {
  const mean = meanOf(ours);
  if (unit === 's') {
    const [least, most] = [duration(Math.min(...ours)), duration(Math.max(...ours))];
    return duration(mean) + (least === most ? '' : ` (${least} to ${most})`);
  }
  if (ours.length < 2) return unit === '%' ? `${mean.toFixed(2)}%` : plain(mean);
  const written = writer({ ours, unit });
  return `${written(mean)} ± ${written(deviationOf(ours))}${unit}`;
}

/** The values of the seeds, in the decimals of their mean: 97.35, 97.43, 97.46. */
export function each({ ours, unit }: Pick<Figure, 'ours' | 'unit'>): string {
  return ours.map(unit === 's' ? duration : writer({ ours, unit })).join(', ');
}

/** Writes values of several seeds: two decimals of a percentage, else as many as the spread shows. */
function writer({ ours, unit }: Pick<Figure, 'ours' | 'unit'>): (value: number) => string {
  const decimals = unit === '%' ? 2 : decimalsOf(deviationOf(ours));
  return (value) => (decimals === null ? plain(value) : value.toFixed(decimals));
}

/** A number that was published or asked for: as it was written. */
export function given(value: number, unit: Figure['unit']): string {
  return unit === 's' ? duration(value) : `${value}${unit}`;
}

/** A number in at most `digits` significant digits; exponents only for the very small. */
export function plain(value: number, digits = 4): string {
  return String(Number(value.toPrecision(digits)));
}

/** A ratio of two numbers in three digits, its zeros too: 1.00, 0.974, 23.6. */
export function ratioOf(over: number, under: number): string {
  const ratio = over / under;
  return Math.abs(ratio) < 1000 && Math.abs(ratio) >= 1e-3 ? ratio.toPrecision(3) : plain(ratio, 3);
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}

/** √(Σ(x − x̄)²/(n − 1)), of two values or more. */
export function deviationOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (values.length - 1));
}

/** As many decimals as show one digit of a spread, two where it begins with 1; null where there is none to show. */
function decimalsOf(spread: number): number | null {
  if (!(spread > 0)) return null;
  const [digit, power] = spread.toExponential(1).split('e');
  const decimals = -Number(power) + (digit.startsWith('1') ? 1 : 0);
  return decimals > 8 ? null : Math.max(0, decimals);
}

function joined(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return `${large} ${largeUnit}${small > 0 ? ` ${small} ${smallUnit}` : ''}`;
}
