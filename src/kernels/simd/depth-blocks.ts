/** The depth of a product is cut into equal blocks of at most so many bytes: a panel of b then fits the first cache, for every tile alike. */
const DEEP = 1600;

/** Into how many blocks a depth is cut, and how deep each is but the last: this fixes the order of an element's sums. `size`: bytes a number. */
export function depthBlocks(depth: number, size = 4): { readonly blocks: number; readonly height: number } {
  const blocks = Math.max(1, Math.ceil((depth * size) / DEEP)); // an empty sum still scales out by β
  return { blocks, height: Math.ceil(depth / blocks) };
}
