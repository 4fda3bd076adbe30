import { InputError } from '../errors.ts';
import type { Group } from '../model/group.ts';

// Group has sums alone: what one process has goes to all others as a sum in which theirs are 0.

/** What process `from` holds in `numbers` becomes what all hold in theirs, of one length. */
export async function handOver(group: Group, from: number, numbers: Float64Array): Promise<void> {
  if (group.size === 1) return;
  if (group.rank !== from) numbers.fill(0);
  await group.total(numbers);
}

/** The error of process `from`, to all: an InputError stays one. Others give null. */
export async function handOverError(group: Group, from: number, error: unknown): Promise<unknown> {
  if (group.size === 1) return error;
  const isOwn = group.rank === from;
  const said = error instanceof Error ? error.message : String(error);
  const text = isOwn ? `${error instanceof InputError ? 'i' : 'e'}${said}` : '';
  const length = Float64Array.of(text.length);
  await handOver(group, from, length);
  const codes = Float64Array.from({ length: length[0] }, (_, i) => (isOwn ? text.charCodeAt(i) : 0));
  await handOver(group, from, codes);
  if (isOwn) return error;
  const [kind, ...letters] = Array.from(codes, (code) => String.fromCharCode(code));
  return errorOf(kind === 'i', letters.join(''));
}

function errorOf(isInput: boolean, message: string): Error {
  return isInput ? new InputError(message) : new Error(message);
}
