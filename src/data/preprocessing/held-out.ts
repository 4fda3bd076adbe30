import { matrix } from '../../array/matrix.ts';
import { commonStorage, putInto } from '../../array/numbers.ts';
import { InputError } from '../../errors.ts';
import type { Examples } from '../examples.ts';
import { type PatchOptions, samplePatches } from './patches.ts';

/** @throws InputError unless n is a whole number and leaves some of m examples to train on. */
export function assertHeldOut(n: number, m: number, name: string): void {
  if (Number.isSafeInteger(n) && n >= 0 && n < m) return;
  throw new InputError(`${name} is ${n}: there are ${m} examples, so it must be at most ${m - 1}`);
}

/**
 * Patches of which the last `heldOut` are cut from images of their own, for neighbours in one image are no unseen data:
 * the last images, their share that of the held-out patches, one at least and not all. The others are cut from the
 * images before, as `samplePatches` does.
 * @throws InputError where there is one image, and as `samplePatches` does.
 */
export function patchesApart(
  stacks: readonly Examples[],
  { size, count, seed }: PatchOptions,
  heldOut: number,
): Examples {
  assertHeldOut(heldOut, count, 'plan.heldOut');
  const images = stacks.reduce((sum, { x }) => sum + x.shape[0], 0);
  if (images < 2) {
    throw new InputError(
      `plan.heldOut is ${heldOut} with plan.patches, and there is one image: held-out patches are cut from images of their own, so give two or more, or leave it out`,
    );
  }
  const apart = Math.min(images - 1, Math.max(1, Math.round((images * heldOut) / count)));
  const training = samplePatches(range(stacks, 0, images - apart), { size, count: count - heldOut, seed });
  const others = samplePatches(range(stacks, images - apart, images), { size, count: heldOut, seed });
  return { ...training, x: joined(training, others) };
}

/** Images begin … end−1, counted over all stacks. */
function range(stacks: readonly Examples[], begin: number, end: number): Examples[] {
  let first = 0;
  return stacks.flatMap((stack) => {
    const [m, d] = stack.x.shape;
    const [from, to] = [Math.max(begin - first, 0), Math.min(end - first, m)];
    first += m;
    return from < to ? [{ ...stack, x: stack.x.hi(to, d).lo(from, 0) }] : [];
  });
}

/** The rows of two sets of patches of one unit and size. Both are row-major. */
function joined({ x: a }: Examples, { x: b }: Examples): Examples['x'] {
  const data = commonStorage([a.data, b.data], a.data.length + b.data.length);
  putInto(data, a.data, 0);
  putInto(data, b.data, a.data.length);
  return matrix(data, a.shape[0] + b.shape[0], a.shape[1]);
}
