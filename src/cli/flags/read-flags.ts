import { type Command, InvalidArgumentError, Option } from 'commander';
import type { SourcePlan } from '../../training/run.ts';
import { number } from './flags.ts';

/** Flags that say how a source is read. */
export interface ReadFlags {
  decimal?: '.' | ',';
  header?: boolean;
  delimiter?: string;
  dropRows?: boolean;
  array?: string;
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

/** Which array of a file that holds several. */
export function arrayOption(byDefault = 'as in training, or the only one'): Option {
  return new Option('--array <name>', `of a .mat, .npz or .safetensors file: which array (default ${byDefault})`);
}

/** What separates the cells of a table. */
export function delimiterOption(byDefault = 'as in training'): Option {
  return new Option(
    '--delimiter <mark>',
    `of a CSV file: one character, or tab, or space (default ${byDefault})`,
  ).argParser((text) => ({ tab: '\t', '\\t': '\t', space: ' ' })[text] ?? text);
}

/** What becomes of rows with gaps. */
export function dropRowsOption(): Option {
  return new Option('--drop-rows', 'of a table: leave out rows in which something is missing');
}

/** Flags of new data that say how a table or an array is read; by default as that of training was. */
export function addReadFlags(command: Command): Command {
  return command
    .addOption(decimalOption())
    .addOption(headerOption())
    .addOption(delimiterOption())
    .addOption(dropRowsOption())
    .addOption(arrayOption())
    .addOption(axesOption())
    .addOption(unitOption());
}

/** Those of tables. */
export function tableFlags({ decimal, header, delimiter, dropRows }: ReadFlags) {
  return { decimal, header, delimiter, dropRows };
}

/** The shape of rows that are images: 28x28, 32x32x3. */
export function imageShape(text: string): SourcePlan['image'] {
  const [, height, width, channels = '1'] = /^(\d{1,5})[x×](\d{1,5})(?:[x×]([1-4]))?$/.exec(text.trim()) ?? [];
  if (height === undefined) throw new InvalidArgumentError('It must be height and width, such as 28x28, or 32x32x3.');
  return [Number(height), Number(width), Number(channels)];
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
export function arrayFlags({
  array,
  axes,
  unit,
}: Pick<ReadFlags, 'array' | 'axes' | 'unit'>): Pick<SourcePlan, 'array' | 'axes' | 'unit'> {
  return {
    ...(array === undefined ? {} : { array }),
    ...(axes === undefined ? {} : { axes }),
    ...(unit === undefined ? {} : { unit }),
  };
}
