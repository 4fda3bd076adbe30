import { getMachine } from '../../src/kernels/simd/machine.ts';
import { type Port, serve } from '../../src/web/index.ts';

const scope = globalThis as unknown as Port;
serve(scope);

/** Threads begin on their own time, and a short training may end before. */
async function settled(): Promise<ReturnType<typeof getMachine>> {
  const machine = getMachine();
  for (let waited = 0; waited < 30_000; waited += 10) {
    if (machine === null || machine.fewerBecause !== null || machine.workersReady > 0) break;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return machine;
}

// Beside what the library does: which threads it found, for the test.
scope.addEventListener('message', async (event) => {
  if ((event as MessageEvent).data !== 'threads') return;
  const machine = await settled();
  const threads = {
    ready: machine?.workersReady ?? 0,
    oneBecause: machine?.fewerBecause ?? null,
    wasm: machine !== null,
  };
  scope.postMessage({ threads }, [] as never);
});
