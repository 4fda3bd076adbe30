import type { Table } from '../row.ts';
import { last, type Penalized } from './penalties-pictures.ts';
import { mean, meanSize, nearZero, silent } from './penalties-snapshot.ts';

/** What each penalty came to, a line each. */
export function penaltyTable(all: readonly Penalized[]): Table {
  const round = (value: number, digits: number) => value.toFixed(digits);
  return {
    head: [
      'penalty',
      'squared error',
      'mean |w|',
      'weights near 0',
      'mean activation',
      'ρ̂ⱼ, least to largest',
      'activations below 1/64',
    ],
    rows: all.map((one) => {
      const end = last(one);
      const [low, high] = [Math.min(...end.rho), Math.max(...end.rho)];
      return [
        one.name,
        round(end.squaredError, 1),
        round(meanSize(end), 3),
        `${round(nearZero(end), 1)}%`,
        round(mean(end.rho), 3),
        `${round(low, 2)} to ${round(high, 2)}`,
        `${round(silent(end), 0)}%`,
      ];
    }),
    note: 'Squared error of a digit, Σ(x̂ − x)²; weights near 0: below 1e-3 of the largest. Sigmoid activations are positive, so their mean is that of |a| as well.',
  };
}
