/** How likely a guessed threshold may be wrong at one cut, where units are in no order. */
const RISK = 1e-5;
/** Units of the first block. */
const FIRST = 32;

/**
 * Where blocks of units end, and of which rank among the units so far a threshold may be taken: not k, but the least q that so
 * many of the k largest of all are unlikely to lie among the first n of h, P(Poisson(kn/h) ≥ q) < RISK. Guesses cost
 * nothing but time where they fail. Blocks double from 32 up to `most`. Pairs (end, rank).
 */
export function cutsOf(units: number, k: number, most: number): Uint32Array {
  const padded = Math.ceil(units / 8) * 8;
  const cuts: number[] = [];
  for (let at = 0; at < padded; ) {
    at = Math.min(padded, at + Math.min(most, Math.max(FIRST, at)));
    cuts.push(at, at >= units ? k : rankAt((k * at) / units, k));
  }
  return Uint32Array.from(cuts);
}

function rankAt(mean: number, k: number): number {
  let term = Math.exp(-mean);
  let below = term;
  let q = 1;
  while (1 - below > RISK && q < k) {
    term *= mean / q;
    below += term;
    q++;
  }
  return q;
}
