import * as v from 'valibot';
import { positiveInteger } from '../../../validate.ts';

/** What becomes of one column of a table. */
export type TreatedColumn = {
  /** In the header, where it has one. */
  readonly name?: string | undefined;
  /** Where in the file it stood, from 1. */
  readonly position: number;
} & (
  | {
      /** A number as it is, a boolean as 0 or 1; a list as its numbers. */
      readonly as: 'number' | 'boolean';
    }
  | {
      readonly as: 'list';
      /** Numbers of a row. */
      readonly width: number;
      /** Of a LIBSVM file: whether its indices count from 0 or 1. */
      readonly from?: 0 | 1 | undefined;
    }
  | {
      /** A 1 in the place of its category, 0 in those of the others; of an unknown one all are 0. */
      readonly as: 'category';
      /** Sorted. */
      readonly categories: readonly string[];
    }
);

/** A column that is no input, and why. */
export interface LeftOutColumn {
  readonly name: string;
  /** In words. */
  readonly why: string;
}

/**
 * What is done to each column of a table so that its rows become examples. Plain JSON: saved with the model, so that new
 * tables are treated alike.
 */
export interface Treatment {
  /** In the order of the inputs. */
  readonly inputs: readonly TreatedColumn[];
  /** The column that names the examples. */
  readonly id?: string | number | undefined;
  /** What else was there. */
  readonly leftOut?: readonly LeftOutColumn[] | undefined;
}

/** Categories of a column: more are likely names, or free text. */
export const MOST_CATEGORIES = 100;
/** Characters of a category. */
export const LONGEST_CATEGORY = 100;

const name = v.pipe(
  v.string('it must be a text'),
  v.maxLength(2 ** 20, 'it must be a text of at most 2^20 characters'),
);
const column = { name: v.exactOptional(name), position: positiveInteger() };
const inputs = v.variant(
  'as',
  [
    v.strictObject({ ...column, as: v.picklist(['number', 'boolean']) }),
    v.strictObject({
      ...column,
      as: v.literal('list'),
      width: positiveInteger(),
      from: v.exactOptional(v.picklist([0, 1])),
    }),
    v.strictObject({
      ...column,
      as: v.literal('category'),
      categories: v.pipe(
        v.array(v.string('it must be a text')),
        v.minLength(1, 'it must name a category'),
        v.maxLength(MOST_CATEGORIES, 'it must have at most 100 categories'),
      ),
    }),
  ],
  'it must be { position, as: "number" | "boolean" }, { position, as: "list", width } or { position, as: "category", categories }',
);

/** What a model's file, or a config, says of it. */
export const treatmentSchema = v.strictObject({
  inputs: v.pipe(
    v.array(inputs, 'it must be a list of columns'),
    v.minLength(1, 'it must name a column'),
    v.maxLength(2 ** 20, 'it must have at most 2^20 entries'),
  ),
  id: v.exactOptional(v.union([name, positiveInteger()], 'it must be a name, or a position counted from 1')),
  leftOut: v.exactOptional(
    v.pipe(
      v.array(v.strictObject({ name, why: v.string('it must be a text') }), 'it must be a list of columns'),
      v.maxLength(2 ** 20, 'it must have at most 2^20 entries'),
    ),
  ),
});
