import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Saved } from '../harness/saved.ts';
import { block } from './block.ts';
import { blockNames, withBlocks } from './document.ts';
import { keep, readKept } from './kept.ts';

export const FOLDER = 'bench/saved';
export const DOCUMENT = 'bench/RESULTS.md';

/** The document as the kept results say. @throws Error for a block without results. */
export function written(text: string, folder: string): string {
  return withBlocks(text, (name) => {
    const kept = readKept(folder, name);
    if (kept.length === 0) throw new Error(`${DOCUMENT}: there are no results of ${name} in ${folder}`);
    return block(kept);
  });
}

/** Takes saved runs among the kept results and writes their tables. @returns what it did, in lines. */
export function writeResults(files: readonly string[]): string[] {
  const said: string[] = [];
  for (const file of files) {
    const saved = JSON.parse(readFileSync(file, 'utf8')) as Saved;
    keep(FOLDER, saved);
    said.push(...Object.keys(saved.reports).map((name) => `${join(FOLDER, `${name}.json`)}: ${saved.command}`));
  }
  const text = readFileSync(DOCUMENT, 'utf8');
  const names = blockNames(text);
  writeFileSync(DOCUMENT, written(text, FOLDER));
  return [...said, `${DOCUMENT}: ${names.length} tables`];
}
