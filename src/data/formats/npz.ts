import { InputError, show } from '../../errors.ts';
import type { Examples } from '../examples.ts';
import type { ArrayOptions } from './array-examples.ts';
import { type ByteSource, byteSource } from './byte-source.ts';
import { chooseArray, type NamedArray, plainName } from './named-arrays.ts';
import { npyExamples, readNpyHeader } from './npy.ts';
import { elementCount } from './tensor.ts';
import { openZip, type ZipMember } from './zip/zip.ts';

const what = 'npz file';
const HEAD = 12 + 10_000; // bytes that the header of an .npy file takes at most
const LIMIT_UNPACKED = 2 ** 30; // bytes of one array

interface Member extends NamedArray {
  readonly member: ZipMember;
}

/**
 * An array of an .npz file, which is a zip archive of .npy files, as examples (see `npyExamples`): the one that `name` asks for, or the
 * only one of numbers. Others are not unpacked where the name tells which is meant, and by their headers alone otherwise.
 * Throws InputError on archives that are damaged (see `openZip`), and on arrays of more than 1 GiB.
 * Memory: at most seven times the array.
 */
export async function npzExamples(file: Uint8Array | ByteSource, options: ArrayOptions = {}): Promise<Examples> {
  const members = (await openZip(byteSource(file), what)).filter(({ name }) => name.endsWith('.npy'));
  if (members.length === 0) {
    throw new InputError(`${what}: it is a zip archive that holds no .npy file: unpack it, and name what is wanted`);
  }
  const { name, member } = await chosenOf(members, options);
  const called = `${what}: ${plainName(name)}`;
  if (member.size > LIMIT_UNPACKED) {
    throw new InputError(`${called} takes ${member.size} bytes, and at most 1 GiB is read at once: write a part of it`);
  }
  const source = await member.open();
  const bytes = await source.read(0, source.size);
  try {
    return { ...npyExamples(bytes, options), array: name };
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${called}: ${error.message}`) : error;
  }
}

async function chosenOf(members: readonly ZipMember[], options: ArrayOptions): Promise<Member> {
  const asked = members.find(({ name }) => name === `${options.name}.npy` || name === options.name);
  const known =
    asked ?? members.find(({ name }) => options.name === undefined && name === `${options.match?.name}.npy`);
  const only = known ?? (members.length === 1 && options.name === undefined ? members[0] : undefined);
  if (only !== undefined) return { name: nameOf(only), is: '', count: null, member: only };
  const all: Member[] = [];
  for (const member of members) all.push(await described(member));
  return chooseArray(all, options, what);
}

function nameOf({ name }: ZipMember): string {
  return name.replace(/\.npy$/, '');
}

/** A member by the header of its array. */
async function described(member: ZipMember): Promise<Member> {
  const own = { name: nameOf(member), member };
  if (member.size > LIMIT_UNPACKED) return { ...own, is: `${member.size} bytes`, count: null };
  const source = await member.open();
  try {
    const { shape, kind, isBoolean } = readNpyHeader(await source.read(0, Math.min(HEAD, source.size))).header;
    const type = isBoolean ? 'bool' : kind;
    return { ...own, is: `${shape.slice(0, 8).join('×')} ${type}`.trim(), count: elementCount(shape, show(own.name)) };
  } catch (error) {
    if (error instanceof InputError) return { ...own, is: 'no numbers', count: null };
    throw error;
  }
}
