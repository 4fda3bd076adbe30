import plainBytes from '#simd/plain.wasm';
import relaxedBytes from '#simd/relaxed.wasm';

/** A kernel of the compiled modules: all arguments are numbers; begin, end and scratch come last. */
export type Kernel = (...args: number[]) => void;

/** Compiled once, instantiated on every thread. */
export interface Modules {
  /** Every kernel, in plain 128-bit SIMD: the same bits on every machine. */
  readonly plain: WebAssembly.Module;
  /** Matrix products with fused multiply-add, where the engine knows relaxed SIMD. */
  readonly relaxed: WebAssembly.Module | null;
}

/** The modules, or null where the engine has no SIMD. */
export function compileModules(): Modules | null {
  const plain = copy(plainBytes);
  const relaxed = copy(relaxedBytes);
  if (!WebAssembly.validate(plain)) return null;
  return {
    plain: new WebAssembly.Module(plain),
    relaxed: WebAssembly.validate(relaxed) ? new WebAssembly.Module(relaxed) : null,
  };
}

/** Their kernels over one memory, those of the relaxed module with the ending Relaxed. */
export function instantiate({ plain, relaxed }: Modules, memory: WebAssembly.Memory): Record<string, Kernel> {
  const kernels: Record<string, Kernel> = {};
  const add = (module: WebAssembly.Module, ending: string) => {
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    for (const [name, value] of Object.entries(exports)) {
      if (typeof value === 'function') kernels[name + ending] = value as Kernel;
    }
  };
  add(plain, '');
  if (relaxed !== null) add(relaxed, 'Relaxed');
  return kernels;
}

/** The bundled bytes may be a view of a larger buffer; WebAssembly's types want one that is their own. */
function copy(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
