import { InputError, show } from '../errors.ts';
import { featureOrder } from './feature-order.ts';

/** What is known of how units are used. */
export interface UnitUse {
  /** Of each unit, how often or how strongly it is on: the most used ones come first. Without it units keep their order. */
  readonly use?: ArrayLike<number> | undefined;
  /** Whether `use` is the share of the examples on which a unit is not 0 (the default), or its mean activation ρ̂. */
  readonly useIs?: 'frequency' | 'mean' | undefined;
  /** Units that no example moves, by number: they come last, in flat grey. */
  readonly dead?: Iterable<number> | undefined;
}

/** Where not all units are shown, so many dead ones are: they all look alike. */
const MOST_DEAD = 12;

/** The units that a picture shows, in its order. */
export interface ShownUnits {
  readonly units: readonly number[];
  readonly dead: ReadonlySet<number>;
  /** Which they are, of how many, and how they are sorted. */
  readonly says: string;
  /** A unit's use in a few characters; '' where it is not known. */
  useOf(unit: number): string;
}

/** The `most` first of n units, where these are all of `count`, or the most used of them. @throws InputError where uses or dead units are not those of n units. */
export function shownUnits(
  n: number,
  { use, useIs = 'frequency', dead: given = [] }: UnitUse,
  most: number,
  count = n,
): ShownUnits {
  if (useIs !== 'frequency' && useIs !== 'mean') {
    throw new InputError(`useIs is ${show(useIs)}: give frequency or mean`);
  }
  if (use !== undefined && use.length !== n) {
    throw new InputError(`use has ${use.length} numbers, but there are ${n} units: give one for each unit`);
  }
  const bad = Array.from(use ?? []).findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new InputError(`the use of unit ${bad} is ${use?.[bad]}: it must be finite`);
  const dead = new Set(given);
  for (const unit of dead) {
    if (!Number.isInteger(unit) || unit < 0 || unit >= n) {
      throw new InputError(`dead names unit ${show(unit)}: units are whole numbers from 0 to ${n - 1}`);
    }
  }
  const order = featureOrder(use ?? new Uint8Array(n), dead);
  const units = n <= most ? order : chosen(order, dead, most);
  const sorted = use === undefined ? 'in their order' : 'most used first';
  return {
    units,
    dead,
    says: `${countOf(units, count, dead, use !== undefined)}, ${sorted}${deadWords(units, dead)}`,
    useOf: (unit) => (use === undefined || dead.has(unit) ? '' : useText(use[unit], useIs)),
  };
}

/** The first living units, and a few dead ones where there is room. */
function chosen(order: readonly number[], dead: ReadonlySet<number>, most: number): number[] {
  const living = order.filter((unit) => !dead.has(unit)).slice(0, most);
  const last = order.filter((unit) => dead.has(unit)).slice(0, Math.min(MOST_DEAD, most - living.length));
  return [...living, ...last];
}

function countOf(units: readonly number[], n: number, dead: ReadonlySet<number>, sorted: boolean): string {
  if (units.length === n) return n === 1 ? '1 unit' : `All ${n} units`;
  const living = units.filter((unit) => !dead.has(unit)).length;
  if (living === n - dead.size) return `${living} living ${living === 1 ? 'unit' : 'units'} of ${n}`;
  return `The ${living} ${sorted ? 'most used' : 'first'} of ${n} units`;
}

function deadWords(units: readonly number[], dead: ReadonlySet<number>): string {
  if (dead.size === 0) return '';
  const shown = units.filter((unit) => dead.has(unit)).length;
  if (shown === 0) return `; ${dead.size} dead ${dead.size === 1 ? 'one is' : 'ones are'} not shown`;
  const count = shown === dead.size ? `${shown} dead` : `${shown} of ${dead.size} dead`;
  return `; ${count} last, in flat grey`;
}

function useText(use: number, useIs: 'frequency' | 'mean'): string {
  if (useIs === 'mean') return String(Number(use.toPrecision(3)));
  const percent = 100 * use;
  return `${percent >= 10 ? percent.toFixed(0) : Number(percent.toPrecision(2))}%`;
}
