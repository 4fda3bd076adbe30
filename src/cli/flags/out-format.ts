import { extname } from 'node:path';
import { InputError } from '../../errors.ts';

/** What --out asks for, by its ending; CSV goes to stdout without it. @throws InputError for other endings. */
export function outFormat(out: string | undefined): '.csv' | '.npy' {
  const format = out === undefined ? '.csv' : extname(out).toLowerCase();
  if (format === '.csv' || format === '.npy') return format;
  throw new InputError(`--out is ${JSON.stringify(out)}: it must end in .npy or .csv`);
}
