import { InputError } from '../../../errors.ts';

/** What stands in the one file for pages in the place of packages that it does not hold. */
function absent(): never {
  throw new InputError(
    'Parquet and Arrow files are not read by rhohat.browser.js, which loads no other file: take dist/browser, or a bundler',
  );
}

export {
  absent as Decompress,
  absent as getTreePath,
  absent as parquetHeader,
  absent as parquetMetadataAsync,
  absent as parquetRead,
  absent as parquetSchema,
  absent as setCompressionCodec,
  absent as tableFromIPC,
};
export const compressors = {};
