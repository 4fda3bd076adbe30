/** What a slider sets. */
export type ControlName = 'units' | 'code' | 'rate' | 'lambda' | 'rho' | 'beta' | 'gamma' | 'k' | 'nu' | 'kappa';

/** A slider: from `least` to `most`, evenly or by factors; with `off` its left end is 0. */
export interface Control {
  readonly name: ControlName;
  readonly symbol: string;
  readonly label: string;
  readonly least: number;
  readonly most: number;
  readonly by: 'one' | 'hundredths' | 'factors';
  readonly off?: boolean;
}

export const controls: readonly Control[] = [
  { name: 'units', symbol: 'h', label: 'units', least: 4, most: 144, by: 'one' },
  { name: 'code', symbol: 'h₂', label: 'units of the code', least: 1, most: 64, by: 'one' },
  { name: 'rho', symbol: 'ρ', label: 'target activation', least: 0.01, most: 0.5, by: 'hundredths' },
  { name: 'beta', symbol: 'β', label: 'weight of KL', least: 0.01, most: 30, by: 'factors', off: true },
  { name: 'gamma', symbol: 'γ', label: 'weight of L1', least: 0.001, most: 10, by: 'factors', off: true },
  { name: 'k', symbol: 'k', label: 'units that survive', least: 1, most: 32, by: 'one' },
  { name: 'nu', symbol: 'ν', label: 'share of inputs masked', least: 0, most: 0.9, by: 'hundredths' },
  { name: 'kappa', symbol: 'κ', label: 'weight of the contraction', least: 0.001, most: 10, by: 'factors', off: true },
  { name: 'lambda', symbol: 'λ', label: 'weight decay', least: 0.00001, most: 0.1, by: 'factors', off: true },
  { name: 'rate', symbol: 'η', label: 'learning rate', least: 0.0001, most: 0.1, by: 'factors' },
];

/** Positions of a slider that goes by factors, for each factor of 10. */
const PER_DECADE = 20;

/** How many positions a slider has beyond its first. */
export function positionsOf({ least, most, by, off }: Control): number {
  if (by === 'one') return most - least;
  if (by === 'hundredths') return Math.round((most - least) * 100);
  return Math.ceil(Math.log10(most / least) * PER_DECADE - 1e-9) + (off ? 1 : 0);
}

/** The value at a position, two digits long where the slider goes by factors. */
export function valueAt({ least, most, by, off }: Control, position: number): number {
  if (by === 'one') return least + position;
  if (by === 'hundredths') return Math.round((least + position / 100) * 100) / 100;
  if (off && position === 0) return 0;
  const value = Number((least * 10 ** ((position - (off ? 1 : 0)) / PER_DECADE)).toPrecision(2));
  return Math.min(most, value); // the last step may lead beyond it
}

/** The position that is nearest to a value. */
export function positionOf(control: Control, value: number): number {
  const { least, by, off } = control;
  const shift = off ? 1 : 0;
  const position =
    by === 'one'
      ? value - least
      : by === 'hundredths'
        ? (value - least) * 100
        : value <= 0
          ? 0
          : Math.log10(value / least) * PER_DECADE + shift;
  return Math.min(positionsOf(control), Math.max(0, Math.round(position)));
}

/** Whether a value lies in a slider's range. */
export function holds({ least, most, by, off }: Control, value: number): boolean {
  if (!Number.isFinite(value) || (by === 'one' && !Number.isInteger(value))) return false;
  return (value >= least && value <= most) || (off === true && value === 0);
}
