import * as v from 'valibot';
import { positiveInteger } from '../../../validate.ts';
import { MOST_CATEGORIES } from './treatment.ts';

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
