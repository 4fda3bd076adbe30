import type { ByteSource } from '../data/formats/byte-source.ts';

/**
 * The files of a dictionary by their names, paths within its folder: { 'cfg.json': bytes, 'sae_weights.safetensors': source }.
 * Small ones as bytes; large ones as sources, which are read a part at a time.
 */
export type DictionaryFiles = Readonly<Record<string, Uint8Array | ByteSource>>;
