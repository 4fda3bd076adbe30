/**
 * Dictionaries of other libraries in and out: SAELens, Gemma Scope, sparsify, dictionary_learning, PyTorch.
 *
 * @module rhohat/dictionaries
 */
export type { ByteSource } from '../data/formats/byte-source.ts';
export { type HttpFetch, httpSource } from '../data/formats/http-source.ts';
export type { DictionaryFiles } from './dictionary-files.ts';
export { type ExportOptions, exportDictionary } from './export/export-dictionary.ts';
export type { ExportedDictionary } from './export/exportable.ts';
export { type DictionaryFormat, dictionaryFormats } from './export/formats.ts';
export { type LoadedDictionary, loadDictionary } from './load-dictionary.ts';
export type { LoadOptions } from './options.ts';
export type { DictionaryOptions } from './plan.ts';
