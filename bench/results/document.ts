/** Where a table of results stands in RESULTS.md: what is between the two lines is written by `npm run bench -- results`. */
const BLOCK = /(<!-- results: ([a-z0-9-]+) -->\n)([\s\S]*?)(\n<!-- end of results -->)/g;

/** The names of a document's blocks, in their order. */
export function blockNames(text: string): string[] {
  return [...text.matchAll(BLOCK)].map(([, , name]) => name);
}

/** The document with every block written anew; what stands around them is left as it is. */
export function withBlocks(text: string, write: (name: string) => string): string {
  return text.replace(
    BLOCK,
    (_, begin: string, name: string, __: string, end: string) => `${begin}${write(name)}${end}`,
  );
}

/** The lines of tables that are in no block. */
export function loneTables(text: string): string[] {
  return text
    .replace(BLOCK, '')
    .split('\n')
    .filter((line) => /^\|(\s*:?-+:?\s*\|)+$/.test(line));
}
