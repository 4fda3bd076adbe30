import { digits, duration } from '../harness/report.ts';
import type { Rated } from './ratios.ts';
import { PEERS } from './torches.ts';

const ratio = (value: number | null) => (value === null ? '–' : `${value.toFixed(2)}×`);

function cell(found: readonly Rated[]): string {
  if (found.length === 0) return '–';
  if (found[0].peer === null) {
    const [{ median, over }] = found;
    const ratios = PEERS.map((peer) => ratio(over[peer]));
    return ratios.every((text) => text === '–') ? duration(median) : `${duration(median)} (${ratios.join(', ')})`;
  }
  return found.map(({ way, median }) => `${duration(median)}${way === '' ? '' : ` ${way}`}`).join(', ');
}

/** How far half of the calls lie from the median, relative. */
export function spread({ low, high, median }: Pick<Rated, 'low' | 'high' | 'median'>): number {
  return Math.max(median - low, high - median) / median;
}

/** A row a step, a column an engine: what it takes, and over the peers. */
export function stepsTable(records: readonly Rated[]): { columns: string[]; rows: string[][] } {
  const who = [...new Set(records.map((record) => record.who))];
  const steps = [...new Set(records.map(({ row }) => row))];
  const rows = steps.map((step) => {
    const own = records.filter(({ row }) => row === step);
    const widest = Math.max(...own.map(spread));
    return [step, ...who.map((one) => cell(own.filter((record) => record.who === one))), `${digits(100 * widest)}%`];
  });
  return { columns: ['a step', ...who, 'spread'], rows };
}
