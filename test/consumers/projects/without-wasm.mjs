// What a page does, less the worker, where the engine compiles no WebAssembly, as under a policy that forbids it.
WebAssembly.validate = () => false;
WebAssembly.Module = class {
  constructor() {
    throw new WebAssembly.CompileError('refused');
  }
};
const { workHere } = await import('./page/work-here.mjs');
console.log(JSON.stringify(await workHere(JSON.parse(process.argv[2]))));
