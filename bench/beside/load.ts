import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Jax, MlMatrixModule, NdarrayGemm, TensorFlow, TensorFlowWasm } from './types.ts';

export interface Peers {
  readonly ndarrayGemm: NdarrayGemm | null;
  readonly mlMatrix: MlMatrixModule | null;
  readonly tensorFlow: TensorFlow | null;
  /** The backends of tensorFlow that started. */
  readonly tensorFlowBackends: readonly ('cpu' | 'wasm')[];
  readonly jax: Jax | null;
  /** One line per peer: its version, or why it is skipped. */
  readonly notes: readonly string[];
}

/** For benchmarks that stand beside none of them. */
export const noPeers: Peers = {
  ...{ ndarrayGemm: null, mlMatrix: null, tensorFlow: null, tensorFlowBackends: [], jax: null, notes: [] },
};

/** bench/peers, seen from the source tree and from the bundle in build/bench alike. */
export function peersFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const peers = join(folder, 'bench', 'peers');
    if (existsSync(join(peers, 'package.json'))) return peers;
    const parent = dirname(folder);
    if (parent === folder) throw new Error('bench/peers/package.json not found above the benchmark');
    folder = parent;
  }
}

/**
 * The peers, as far as they are installed. They have a manifest of their own, so that the project's `npm ci` stays
 * small, and are therefore resolved from there and loaded at run time.
 */
export async function loadPeers(): Promise<Peers> {
  const folder = peersFolder();
  const require = createRequire(join(folder, 'package.json'));
  const notes: string[] = [];

  function load<T>(name: string): T | null {
    try {
      const loaded = require(name) as T;
      const manifest = require(join(folder, 'node_modules', name, 'package.json')) as { version: string };
      notes.push(`${name} ${manifest.version}`);
      return loaded;
    } catch (error) {
      const missing = (error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND';
      const why = missing ? 'not installed; npm ci --prefix bench/peers' : (error as Error).message;
      notes.push(`${name} skipped: ${why}`);
      return null;
    }
  }

  const ndarrayGemm = load<NdarrayGemm>('ndarray-gemm');
  const mlMatrix = load<MlMatrixModule>('ml-matrix');
  const core = load<TensorFlow>('@tensorflow/tfjs-core');
  const cpu = load<unknown>('@tensorflow/tfjs-backend-cpu');
  const wasm = load<TensorFlowWasm>('@tensorflow/tfjs-backend-wasm');
  const gradients = load<unknown>('@tensorflow/tfjs-layers'); // registers gradients and chained operations
  const tensorFlow = gradients === null ? null : core;
  const tensorFlowBackends: ('cpu' | 'wasm')[] = [];
  if (tensorFlow !== null) {
    wasm?.setWasmPaths(join(folder, 'node_modules', '@tensorflow', 'tfjs-backend-wasm', 'wasm-out', '/'));
    if (cpu !== null && (await tensorFlow.setBackend('cpu'))) tensorFlowBackends.push('cpu');
    if (wasm !== null && (await tensorFlow.setBackend('wasm'))) {
      tensorFlowBackends.push('wasm');
      // It asks for a global Worker, which Node has not.
      notes.push(`TensorFlow.js wasm: threads ${wasm.getThreadsCount()}, its own choice`);
    }
  }
  const jax = await startJax(load<Jax>('@jax-js/jax'), notes);
  return { ndarrayGemm, mlMatrix, tensorFlow, tensorFlowBackends, jax, notes };
}

/** jax-js on its wasm backend, where one product of it runs on this Node. */
async function startJax(jax: Jax | null, notes: string[]): Promise<Jax | null> {
  if (jax === null) return null;
  try {
    const devices = await jax.init('wasm');
    if (!devices.includes('wasm')) throw new Error(`it has ${devices.join(', ')} alone`);
    jax.defaultDevice('wasm');
    const one = () => jax.numpy.array(new Float32Array([2])).reshape([1, 1]);
    const [four] = jax.numpy.matmul(one(), one()).dataSync();
    if (four !== 4) throw new Error(`2·2 is ${four} there`);
    notes.push('jax-js: wasm backend, 1 thread');
    return jax;
  } catch (error) {
    notes.push(`jax-js skipped: its wasm backend does not run on Node ${process.version}: ${(error as Error).message}`);
    return null;
  }
}
