import { readFileSync } from 'node:fs';

/** A kernel's arguments: pointers are told apart, as the 64-bit ones travel as BigInt. */
export type Argument = number | { readonly pointer: number };
type Exports = Readonly<Record<string, (...args: (number | bigint)[]) => void>>;

/** The kernels over one memory of 32 or of 64 bits. */
export interface Kernels {
  readonly bits: 32 | 64;
  readonly memory: WebAssembly.Memory;
  /** A call with its arguments in place. */
  call(module: 'plain' | 'relaxed', name: string, args: readonly Argument[]): () => void;
}

export const pointer = (at: number): Argument => ({ pointer: at });

const PAGE = 65_536;

function create(bits: 32 | 64, bytes: number, read: (name: string) => Uint8Array): Kernels {
  const pages = Math.ceil(bytes / PAGE);
  const descriptor =
    bits === 32 ? { initial: pages, maximum: 65_536 } : { initial: BigInt(pages), maximum: 65_536n, address: 'i64' };
  const memory = new WebAssembly.Memory({ ...descriptor, shared: true } as unknown as WebAssembly.MemoryDescriptor);
  const load = (name: string) => {
    const module = new WebAssembly.Module(Uint8Array.from(read(name)));
    return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Exports;
  };
  const modules = { plain: load('plain'), relaxed: load('relaxed') };
  return {
    bits,
    memory,
    call(module, name, args) {
      const kernel = modules[module][name];
      const given = args.map((each) =>
        typeof each === 'number' ? each : bits === 32 ? each.pointer : BigInt(each.pointer),
      );
      return () => kernel(...given);
    },
  };
}

/** What ships, from build/simd, and the same for 64-bit addresses, from build/memory64. */
export function createBoth(bytes: number): readonly [Kernels, Kernels] {
  const hex = (name: string) => Buffer.from(readFileSync(`build/simd/${name}.txt`, 'utf8'), 'hex');
  return [create(32, bytes, hex), create(64, bytes, (name) => readFileSync(`build/memory64/${name}.wasm`))];
}
