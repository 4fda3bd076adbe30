import type { FullOptions } from './options.ts';

/** Which features hang below which: the commonest are roots, and levels follow one another in the order of features. */
export interface Forest {
  /** Features 0 … size − 1 are in it, the others stand alone. */
  readonly size: number;
  /** (size): the parent of each, −1 of a root. */
  readonly parent: Int32Array;
  /** (size): the first child of each, or 0; children lie side by side. */
  readonly firstChild: Uint32Array;
  /** (size): how many. */
  readonly children: Uint32Array;
}

/** Trees that grow together, level by level: the roots, all their children, all children of these, as far as features go. */
export function plantForest({ features, roots, branching, depth }: FullOptions): Forest {
  const parent: number[] = [];
  const firstChild: number[] = [];
  const children: number[] = [];
  const add = (of: number) => {
    parent.push(of);
    firstChild.push(0);
    children.push(0);
  };
  for (let i = 0; i < Math.min(roots, features); i++) add(-1);
  for (let level = 0, begin = 0; level < depth; level++) {
    const end = parent.length;
    for (let above = begin; above < end && parent.length < features; above++) {
      firstChild[above] = parent.length;
      children[above] = Math.min(branching, features - parent.length);
      for (let i = 0; i < children[above]; i++) add(above);
    }
    begin = end;
  }
  return {
    size: parent.length,
    parent: Int32Array.from(parent),
    firstChild: Uint32Array.from(firstChild),
    children: Uint32Array.from(children),
  };
}
