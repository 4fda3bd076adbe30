import { Option } from 'commander';
import type { ArrayOptions } from '../data/tensor.ts';
import { number } from './flags.ts';

/** Flags that say how a source is read. */
export interface ReadFlags {
  decimal?: '.' | ',';
  axes?: string;
  unit?: number;
}

/** The decimal mark of a table; without it the one in training. */
export function decimalOption(byDefault = 'as in training'): Option {
  return new Option('--decimal <mark>', `of a CSV file (default ${byDefault})`).choices(['.', ',']);
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
export function arrayFlags({ axes, unit }: ReadFlags): Pick<ArrayOptions, 'axes' | 'unit'> {
  return { ...(axes === undefined ? {} : { axes }), ...(unit === undefined ? {} : { unit }) };
}
