// What a screened product is about: a block of numbers in memory, since kernels take few arguments. The order is that of
// `src/kernels/simd/screening/job.ts`.

// @ts-ignore: decorator
@inline
function whole(job: usize, slot: i32): i32 {
  return load<i32>(job + (slot << 2));
}

// @ts-ignore: decorator
@inline
function real(job: usize, slot: i32): f32 {
  return load<f32>(job + (slot << 2));
}

// @ts-ignore: decorator
@inline
export function x(job: usize): usize {
  return <usize>whole(job, 0);
}
// @ts-ignore: decorator
@inline
export function xRow(job: usize): i32 {
  return whole(job, 1);
}
// @ts-ignore: decorator
@inline
export function rows(job: usize): i32 {
  return whole(job, 2);
}
// @ts-ignore: decorator
@inline
export function depth(job: usize): i32 {
  return whole(job, 3);
}
// @ts-ignore: decorator
@inline
export function w(job: usize): usize {
  return <usize>whole(job, 4);
}
// @ts-ignore: decorator
@inline
export function wRow(job: usize): i32 {
  return whole(job, 5);
}
// @ts-ignore: decorator
@inline
export function units(job: usize): i32 {
  return whole(job, 6);
}
/** b (units). */
// @ts-ignore: decorator
@inline
export function bias(job: usize): usize {
  return <usize>whole(job, 7);
}
/** What z is held against, (units), or 0: nothing. */
// @ts-ignore: decorator
@inline
export function bounds(job: usize): usize {
  return <usize>whole(job, 8);
}
/** Depth of a block of the float product. */
// @ts-ignore: decorator
@inline
export function blockDepth(job: usize): i32 {
  return whole(job, 9);
}
/** Quantized rows of x in panels, and s, e, n, Σq of each. */
// @ts-ignore: decorator
@inline
export function xPanels(job: usize): usize {
  return <usize>whole(job, 10);
}
// @ts-ignore: decorator
@inline
export function xNumbers(job: usize): usize {
  return <usize>whole(job, 11);
}
/** Quantized rows of W in panels of eight, and S(8), B(8), A(8), E(8) of each panel. */
// @ts-ignore: decorator
@inline
export function wPanels(job: usize): usize {
  return <usize>whole(job, 12);
}
// @ts-ignore: decorator
@inline
export function wNumbers(job: usize): usize {
  return <usize>whole(job, 13);
}
/** Rows of x that a unit of work holds, a multiple of the tiles' rows. */
// @ts-ignore: decorator
@inline
export function group(job: usize): i32 {
  return whole(job, 14);
}
/** Candidates of a row: how many there is room for, their columns, upper and lower bounds. */
// @ts-ignore: decorator
@inline
export function room(job: usize): i32 {
  return whole(job, 15);
}
// @ts-ignore: decorator
@inline
export function columnsOf(job: usize, i: i32): usize {
  return <usize>whole(job, 16) + (<usize>(i * room(job)) << 2);
}
// @ts-ignore: decorator
@inline
export function upperOf(job: usize, i: i32): usize {
  return <usize>whole(job, 17) + (<usize>(i * room(job)) << 2);
}
// @ts-ignore: decorator
@inline
export function lowerOf(job: usize, i: i32): usize {
  return <usize>whole(job, 18) + (<usize>(i * room(job)) << 2);
}
/** State of a row, four words: how many candidates, how many of them exact, the threshold, and how it stands. */
// @ts-ignore: decorator
@inline
export function stateOf(job: usize, i: i32): usize {
  return <usize>whole(job, 19) + (<usize>i << 4);
}
/** Where blocks of columns end, and the rank that is guessed there: pairs of words. */
// @ts-ignore: decorator
@inline
export function cuts(job: usize): usize {
  return <usize>whole(job, 20);
}
// @ts-ignore: decorator
@inline
export function cutCount(job: usize): i32 {
  return whole(job, 21);
}
/** Survivors of a row. */
// @ts-ignore: decorator
@inline
export function survivors(job: usize): i32 {
  return whole(job, 22);
}
/** 1 where a = relu(z), 0 where a = z. */
// @ts-ignore: decorator
@inline
export function rectified(job: usize): i32 {
  return whole(job, 23);
}
/** Survivors: values and columns; or, of a product held against bounds, a. */
// @ts-ignore: decorator
@inline
export function values(job: usize): usize {
  return <usize>whole(job, 24);
}
// @ts-ignore: decorator
@inline
export function valuesRow(job: usize): i32 {
  return whole(job, 25);
}
// @ts-ignore: decorator
@inline
export function indices(job: usize): usize {
  return <usize>whole(job, 26);
}
// @ts-ignore: decorator
@inline
export function indicesRow(job: usize): i32 {
  return whole(job, 27);
}
/** A word that is set where W or b cannot be quantized. */
// @ts-ignore: decorator
@inline
export function refusal(job: usize): usize {
  return <usize>whole(job, 28);
}
/** Slack of norms, of z itself and of what is added to it: see `rounding` of the job. */
// @ts-ignore: decorator
@inline
export function normSlack(job: usize): f32 {
  return real(job, 29);
}
// @ts-ignore: decorator
@inline
export function productSlack(job: usize): f32 {
  return real(job, 30);
}
// @ts-ignore: decorator
@inline
export function biasSlack(job: usize): f32 {
  return real(job, 31);
}
/** The longest that a row of int16 may be. */
// @ts-ignore: decorator
@inline
export function longest(job: usize): f32 {
  return real(job, 32);
}
/** Two counts, of candidates and of dots in full precision. */
// @ts-ignore: decorator
@inline
export function counts(job: usize): usize {
  return <usize>whole(job, 33);
}
/** What a threshold begins with, a guess, for a row of norm 1. */
// @ts-ignore: decorator
@inline
export function start(job: usize): f32 {
  return real(job, 34);
}
