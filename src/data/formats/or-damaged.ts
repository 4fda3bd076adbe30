import { InputError } from '../../errors.ts';

/** What `use` gives. @throws InputError in our words, where a package throws what nobody but its authors can read. */
export async function orDamaged<T>(what: string, use: () => T | Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    if (error instanceof InputError) throw error;
    // What is undefined somewhere tells a user nothing.
    const isPlain = error instanceof Error && Object.getPrototypeOf(error) === Error.prototype;
    const why = isPlain ? ` (${(error as Error).message})` : '';
    throw new InputError(
      `${what}: it cannot be read${why}: it is cut, damaged, or of a kind that is not read: write it anew`,
    );
  }
}
