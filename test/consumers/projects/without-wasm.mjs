// train.mjs where the engine compiles no WebAssembly, as under a policy that forbids it.
WebAssembly.validate = () => false;
WebAssembly.Module = class {
  constructor() {
    throw new WebAssembly.CompileError('refused');
  }
};
await import('./train.mjs');
