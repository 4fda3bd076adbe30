import { InputError, show } from '../../../errors.ts';

/** Throws InputError unless a member's name is a path below the archive: not absolute, and nowhere climbing. */
export function assertMemberName(name: string, what: string): void {
  const parts = name.split('/');
  const climbs = parts.some((part) => part === '..' || part === '.' || part === '');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (!climbs && !/[\u0000-\u001f\\]|^[A-Za-z]:/.test(name)) return;
  throw new InputError(
    `${what}: it has a member named ${show(name)}: names are plain paths below the archive, without .., without a root; it is damaged, or not meant for this program`,
  );
}
