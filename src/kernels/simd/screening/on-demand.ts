import type { CpuKernels, CpuStorage } from '../../kernels.ts';
import type { Machine } from '../machine.ts';
import type { ProductScreening } from './product-screening.ts';

/** A screening of a machine's, to the bits of its fused products where `relaxed`. */
type Create = (threads: number, kernels: CpuKernels, storage: CpuStorage, relaxed: boolean) => ProductScreening;

/** Layers with fewer weights are not worth it. */
export const LEAST_WEIGHTS = 2 ** 20;

/** Of each machine: what makes screenings, or null while it is loaded, or where it cannot be. */
const loaded = new WeakMap<Machine, Create | null>();

/** What makes screenings, once it is there: the first call begins to load it, for small models never need it. */
export function screenings(machine: Machine): Create | null {
  if (!loaded.has(machine)) void loadScreenings(machine);
  return loaded.get(machine) ?? null;
}

/** Loads and compiles them now. Where an engine refuses, products are taken whole, to the same bits. */
export async function loadScreenings(machine: Machine): Promise<void> {
  loaded.set(machine, null);
  try {
    const [{ compileScreening }, made] = await Promise.all([import('./compile.ts'), import('./product-screening.ts')]);
    const screening = compileScreening();
    if (machine.modules.relaxed !== null && screening.relaxed === null) return;
    machine.adopt(screening);
    loaded.set(machine, (...rest) => new made.ProductScreening(machine, ...rest));
  } catch {
    // No WebAssembly from bytes, or a chunk that a page cannot have.
  }
}
