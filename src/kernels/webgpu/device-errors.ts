import { EngineError, InputError } from '../../errors.ts';

/** What is told where storage is read that was written on another device. */
export const GONE = 'the GPU was lost, and what the call had computed with it: call again';

/** The device is gone, and what it computed with it. */
export class LostError extends EngineError {
  constructor(why: string) {
    super(`the GPU was lost (${why})`);
  }
}

function sizeOf(bytes: number): string {
  return bytes < 2 ** 30 ? `${(bytes / 2 ** 20).toPrecision(3)} MiB` : `${(bytes / 2 ** 30).toPrecision(3)} GiB`;
}

export function tooLong(bytes: number, largest: number): InputError {
  return new InputError(
    `the model needs ${sizeOf(bytes)} in one piece, and the GPU takes ${sizeOf(largest)} at most: take a smaller batchSize or fewer hidden units, or kernels: 'cpu'`,
  );
}

export function tooWide(kernel: string, bytes: number, largest: number): InputError {
  return new InputError(
    `the kernel ${kernel} needs ${sizeOf(bytes)} at once, and the GPU gives a kernel ${sizeOf(largest)}: take a smaller batchSize or fewer hidden units, or kernels: 'cpu'`,
  );
}

export function noRoom(bytes: number): InputError {
  return new InputError(
    `the GPU has no room for another ${sizeOf(bytes)}: take a smaller batchSize or fewer hidden units, or dispose of other models`,
  );
}
