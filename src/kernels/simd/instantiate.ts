/** A kernel of the compiled modules: all arguments are numbers; begin, end and scratch come last. */
export type Kernel = (...args: number[]) => void;

/** Compiled once, instantiated on every thread. */
export interface Modules {
  /** Every kernel, in plain 128-bit SIMD: the same bits on every machine. */
  readonly plain: WebAssembly.Module;
  /** Products, activations and cross-entropy with fused multiply-add, where the engine knows relaxed SIMD. */
  readonly relaxed: WebAssembly.Module | null;
  /** Products screened in whole numbers, once they are loaded. */
  readonly screening?: { readonly plain: WebAssembly.Module; readonly relaxed: WebAssembly.Module | null } | undefined;
}

/** The kernels over one memory, in the same order on every thread; those of the relaxed module end in Relaxed. */
export function instantiate(
  { plain, relaxed, screening }: Modules,
  memory: WebAssembly.Memory,
): Record<string, Kernel> {
  const kernels: Record<string, Kernel> = {};
  const add = (module: WebAssembly.Module, ending: string) => {
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    for (const [name, value] of Object.entries(exports)) {
      if (typeof value === 'function') kernels[name + ending] = value as Kernel;
    }
  };
  add(plain, '');
  if (relaxed !== null) add(relaxed, 'Relaxed');
  if (screening !== undefined) {
    add(screening.plain, '');
    if (screening.relaxed !== null) add(screening.relaxed, 'Relaxed');
  }
  return kernels;
}
