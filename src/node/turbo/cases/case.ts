import type { Ground } from '../ground.ts';

/** Runs a kernel, or several, on matrices of a shape. Whatever it has placed on the ground is compared. */
export type Case = (ground: Ground, rows: number, columns: number) => void;

/** Cases by their names, which a verdict tells. */
export type Cases = Readonly<Record<string, Case>>;
