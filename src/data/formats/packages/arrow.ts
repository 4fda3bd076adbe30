/** The package that reads Arrow and Feather files, in a module of its own, as `parquet.ts`. */
export { setCompressionCodec, tableFromIPC } from '@uwdata/flechette';
export { Decompress } from 'fzstd';
