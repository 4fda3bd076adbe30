import { assertObject } from '../../array/argument-check.ts';
import { matrix } from '../../array/matrix.ts';
import { fillNormal, fillUniform, stream } from '../../array/random.ts';
import { InputError } from '../../errors.ts';
import type { Examples } from '../examples.ts';

/** How many points of the rolled sheet. */
export interface SwissRollOptions {
  /** How many points, from 1 to 2²⁶. */
  readonly examples: number;
  /** Of the points and of the noise. */
  readonly seed: number;
  /** Standard deviation of the noise on each coordinate. Default 0: the points lie on the sheet. */
  readonly noise?: number | undefined;
}

const SHEET = 0; // counters of that stream
const NOISE = 1;
const LIMIT = 2 ** 26;
const HEIGHT = 21;

function checkOptions({ examples, noise = 0 }: SwissRollOptions): void {
  if (!Number.isSafeInteger(examples) || examples < 1 || examples > LIMIT) {
    throw new InputError(`number of examples is ${examples}: it must be an integer from 1 to 2^26`);
  }
  if (!(noise >= 0 && noise < Infinity)) {
    throw new InputError(`noise is ${noise}: it must be a finite standard deviation of at least 0`);
  }
}

/** The place on the unrolled sheet: angle t at 2i, height h at 2i + 1. */
function sheet(options: SwissRollOptions): Float64Array {
  assertObject(options, 'options', '{ examples: 1000, seed: 1 }');
  checkOptions(options);
  const places = fillUniform(new Float64Array(2 * options.examples), {
    seed: options.seed,
    stream: stream.swissRoll,
    counter: SHEET,
  });
  for (let p = 0; p < places.length; p += 2) {
    places[p] = 1.5 * Math.PI * (1 + 2 * places[p]);
    places[p + 1] *= HEIGHT;
  }
  return places;
}

/** The angles t in [1.5π, 4.5π) of the examples of `swissRoll` with the same options, (examples): to colour them by. */
export function swissRollAngles(options: SwissRollOptions): Float64Array {
  return sheet(options).filter((_, p) => p % 2 === 0);
}

/**
 * A sheet rolled up in space, (examples, 3): (t·cos t, h, t·sin t) + N(0, noise²), t uniform on [1.5π, 4.5π), h on
 * [0, 21). Two numbers describe a point, but no plane does. Example i depends on (seed, i, noise) alone.
 * [Roweis & Saul 2000; the constants are scikit-learn's, make_swiss_roll] Throws InputError on options without sense.
 */
export function swissRoll(options: SwissRollOptions): Examples {
  const places = sheet(options);
  const { examples, seed, noise = 0 } = options;
  const x = fillNormal(new Float64Array(3 * examples), { seed, stream: stream.swissRoll, counter: NOISE }, 0, noise);
  for (let i = 0; i < examples; i++) {
    const t = places[2 * i];
    x[3 * i] += t * Math.cos(t);
    x[3 * i + 1] += places[2 * i + 1];
    x[3 * i + 2] += t * Math.sin(t);
  }
  return { x: matrix(x, examples, 3), unit: 1 };
}
