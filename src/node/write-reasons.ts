const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: make room',
  EDQUOT: 'the quota of the disk is used up: make room',
  EFBIG: 'files may not grow that large here: lift the limit',
  EROFS: 'the disk may only be read: write elsewhere',
  ENOENT: 'its folder is gone: somebody removed it',
  EACCES: 'it may not be written: check the permissions of its folder',
};

/** Why something cannot be written, for the user. */
export function reasonOf(error: unknown): string {
  const { code = '', message = String(error) } = error as { code?: string; message?: string };
  return reasons[code] ?? `it cannot be written: ${message}`;
}
