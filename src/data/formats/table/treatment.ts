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
      /** Each of its numbers is an input. */
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
  /** In the header, or its place. */
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
