import { InvalidArgumentError, Option } from 'commander';
import type { ArrayOptions } from '../../data/formats/array-examples.ts';
import { number } from './flags.ts';

/** Flags that say how a source is read. */
export interface ReadFlags {
  decimal?: '.' | ',';
  header?: boolean;
  axes?: string;
  unit?: number;
}

/** The decimal mark of a table; without it the one in training. */
export function decimalOption(byDefault = 'as in training'): Option {
  return new Option('--decimal <mark>', `of a CSV file (default ${byDefault})`).choices(['.', ',']);
}

/** Whether the first line of a table names its columns. */
export function headerOption(byDefault = 'as in training'): Option {
  return new Option(
    '--header <yes|no>',
    `of a CSV file: whether its first line names columns (default ${byDefault})`,
  ).argParser(yesOrNo);
}

function yesOrNo(text: string): boolean {
  if (text === 'yes' || text === 'no') return text === 'yes';
  throw new InvalidArgumentError('It must be yes or no.');
}

/** What the axes of an array are. */
export function axesOption(byDefault = 'as in training'): Option {
  return new Option(
    '--axes <letters>',
    `of an array, such as mhw, hwm, mchw, dm: m examples, h rows, w columns, c channels, d numbers (default ${byDefault})`,
  );
}

/** What numbers are divided by. */
export function unitOption(byDefault = 'as in training'): Option {
  return new Option(
    '--unit <n>',
    `divide the numbers of an array or a table by it, such as 1 or 255 (default ${byDefault})`,
  ).argParser(number);
}

/** Those of arrays. */
export function arrayFlags({ axes, unit }: Pick<ReadFlags, 'axes' | 'unit'>): Pick<ArrayOptions, 'axes' | 'unit'> {
  return { ...(axes === undefined ? {} : { axes }), ...(unit === undefined ? {} : { unit }) };
}
