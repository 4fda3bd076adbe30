import { InputError, show } from '../../../errors.ts';
import { didYouMean } from '../closest.ts';
import type { ColumnName } from '../csv-columns.ts';
import type { TableOptions } from './table-options.ts';
import type { TreatedColumn } from './treatment.ts';

/** The places, from 0, of the columns that are read. */
export interface WantedColumns {
  readonly inputs: readonly number[];
  readonly id?: number | undefined;
  readonly label?: number | undefined;
  /** Whether the inputs were asked for one by one. */
  readonly asked: boolean;
  /** What a known treatment makes of each input. */
  readonly treated?: readonly TreatedColumn[] | undefined;
}

const SHOWN = 12;

/**
 * The columns of a table that are read, by their names, undefined where it has none.
 * @throws InputError where one is asked for that is not there, or is there twice.
 */
export function wantedColumns(
  names: readonly (string | undefined)[],
  { columns, without, match, id, label, treatment }: TableOptions,
  what: string,
): WantedColumns {
  const isNamed = names.some((name) => name !== undefined && name !== '');
  const placeOf = (one: ColumnName, why = '') => {
    if (typeof one === 'number') return placeAt(one, names.length, what);
    const place = isNamed ? names.indexOf(one) : -1;
    if (place < 0) throw missing(one, isNamed ? names : [], what, why);
    if (names.indexOf(one, place + 1) < 0) return place;
    throw new InputError(`${what}: two columns are named ${show(one)}: choose columns by position, counted from 1`);
  };
  const trained = ', which the model was trained on';
  const ownId = id ?? (treatment?.id !== undefined && has(names, treatment.id) ? treatment.id : undefined);
  const others = {
    ...(ownId === undefined ? {} : { id: placeOf(ownId) }),
    ...(label === undefined ? {} : { label: placeOf(label) }),
  };
  if (treatment !== undefined) {
    const byName = isNamed && treatment.inputs.every(({ name }) => name !== undefined);
    const inputs = treatment.inputs.map(({ name, position }) => placeOf((byName && name) || position, trained));
    return { inputs, ...others, asked: true, treated: treatment.inputs };
  }
  if (match !== undefined && isNamed) {
    return { inputs: match.map((name) => placeOf(name, trained)), ...others, asked: true };
  }
  const left = new Set([...(without ?? []).map((one) => placeOf(one)), others.id, others.label]);
  const all = columns?.map((one) => placeOf(one)) ?? [...names.keys()];
  const inputs = all.filter((place) => !left.has(place) || (columns !== undefined && place === others.id));
  if (inputs.length === 0) throw new InputError(`${what}: no column is left to be an input: leave fewer out`);
  return { inputs, ...others, asked: columns !== undefined };
}

function has(names: readonly (string | undefined)[], one: ColumnName): boolean {
  return typeof one === 'number' ? one <= names.length : names.includes(one);
}

function placeAt(position: number, count: number, what: string): number {
  if (Number.isSafeInteger(position) && position >= 1 && position <= count) return position - 1;
  throw new InputError(`${what}: column ${show(position)} is asked for: its columns are 1 to ${count}`);
}

function missing(one: string, names: readonly (string | undefined)[], what: string, why: string): InputError {
  const known = names.flatMap((name) => (name === undefined ? [] : [name])).slice(0, SHOWN);
  if (known.length === 0) {
    return new InputError(
      `${what}: its columns have no names, so there is no ${show(one)}: choose columns by position, counted from 1`,
    );
  }
  const more = names.length > SHOWN ? ', …' : '';
  return new InputError(
    `${what}: it has no column ${show(one)}${why}${didYouMean(one, known)}: its columns are ${known.map(show).join(', ')}${more}`,
  );
}
