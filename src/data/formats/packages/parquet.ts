/** The packages that read Parquet files, in a module of their own: the build makes a file of it, loaded where one is read. */
export { Decompress } from 'fzstd';
export { parquetMetadataAsync, parquetRead, parquetSchema } from 'hyparquet';
export { parquetHeader } from 'hyparquet/src/column.js';
export { getTreePath } from 'hyparquet/src/schema.js';
export { compressors } from 'hyparquet-compressors';
