import { readFileSync } from 'node:fs';
import { createGemm } from '../../src/kernels/simd/gemm.ts';
import { instantiate, type Kernel, type Modules } from '../../src/kernels/simd/instantiate.ts';
import { type Machine, PANEL_BYTES, SCRATCH_BYTES } from '../../src/kernels/simd/machine.ts';
import type { Tile } from '../../src/kernels/simd/tiles.ts';

/** The kernels over one memory of 32 or of 64 bits, on this thread. */
export interface Kernels {
  readonly bits: 32 | 64;
  readonly memory: WebAssembly.Memory;
  readonly run: Machine['run'];
  /** The engine's own product, with that tile. */
  gemm(tile: Tile): ReturnType<typeof createGemm>;
}

/** Of the kernels of a module: which arguments are pointers. */
type Pointers = Readonly<Record<string, readonly boolean[]>>;

const PAGE = 65_536;
/** A thread's own, and the panels that threads share, come first; page 0 stays empty. */
const PANELS = PAGE + SCRATCH_BYTES;
export const BEGIN = Math.ceil((PANELS + PANEL_BYTES) / PAGE) * PAGE;

function kernelsOver(bits: 32 | 64, modules: Modules, memory: WebAssembly.Memory): Record<string, Kernel> {
  const kernels = instantiate(modules, memory);
  if (bits === 32) return kernels;
  const pointers: Record<string, readonly boolean[]> = {};
  for (const [module, ending] of [
    ['plain', ''],
    ['relaxed', 'Relaxed'],
  ]) {
    const own = JSON.parse(readFileSync(`build/memory64/${module}.json`, 'utf8')) as Pointers;
    for (const [name, which] of Object.entries(own)) pointers[name + ending] = which;
  }
  return Object.fromEntries(
    Object.entries(kernels).map(([name, kernel]): [string, Kernel] => {
      const call = kernel as (...args: (number | bigint)[]) => void;
      const which = pointers[name];
      return [name, (...args) => call(...args.map((each, i) => (which[i] ? BigInt(each) : each)))];
    }),
  );
}

function create(bits: 32 | 64, bytes: number, read: (name: string) => Uint8Array): Kernels {
  const pages = Math.ceil(bytes / PAGE);
  const limits =
    bits === 32 ? { initial: pages, maximum: 65_536 } : { initial: BigInt(pages), maximum: 65_536n, address: 'i64' };
  const memory = new WebAssembly.Memory({ ...limits, shared: true } as unknown as WebAssembly.MemoryDescriptor);
  const load = (name: string) => new WebAssembly.Module(Uint8Array.from(read(name)));
  const kernels = kernelsOver(bits, { plain: load('plain'), relaxed: load('relaxed') } as Modules, memory);
  const run: Machine['run'] = (name, _, units, __, ...args) => kernels[name](...args, 0, units, PAGE);
  const machine = { sharedPanels: PANELS, run } as unknown as Machine;
  return { bits, memory, run, gemm: (tile) => createGemm(machine, 1, { for: () => tile }) };
}

/** What ships, from build/simd, and the same for 64-bit addresses, from build/memory64. */
export function createBoth(bytes: number): readonly [Kernels, Kernels] {
  const hex = (name: string) => Buffer.from(readFileSync(`build/simd/${name}.txt`, 'utf8'), 'hex');
  return [create(32, bytes, hex), create(64, bytes, (name) => readFileSync(`build/memory64/${name}.wasm`))];
}
