import { getMachine } from '../../src/kernels/simd/machine.ts';
import { type Port, serve } from '../../src/web/index.ts';

const scope = globalThis as unknown as Port;
serve(scope);

// Beside what the library does: which threads it found, for the test.
scope.addEventListener('message', (event) => {
  if ((event as MessageEvent).data !== 'threads') return;
  const machine = getMachine();
  const threads = {
    ready: machine?.workersReady ?? 0,
    oneBecause: machine?.oneThreadBecause ?? null,
    wasm: machine !== null,
  };
  scope.postMessage({ threads }, []);
});
