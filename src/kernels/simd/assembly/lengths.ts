import { at } from './lanes';

/** How many pairs of row i count, of at most k: all of them where there are no lengths. */
// @ts-ignore: decorator
@inline
export function countOf(lengths: usize, step: i32, i: i32, k: i32): i32 {
  return lengths == 0 ? k : load<i32>(at(lengths, i, step));
}
