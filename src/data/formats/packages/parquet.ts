/** The packages that read Parquet files, in a module of their own: the build makes a file of it, loaded where one is read. */
export { parquetMetadataAsync, parquetRead, parquetSchema } from 'hyparquet';
export { compressors } from 'hyparquet-compressors';
