import source from '#simd/worker.txt';
import type { WorkerTask } from './protocol.ts';

/** A worker that runs. */
export interface RunningWorker {
  terminate(): void;
}

/** What of the host this engine needs: how many threads are worth having, and how to start one. */
export interface Host {
  readonly processors: number;
  /** Whether this thread may sleep; a page's main thread may not. */
  readonly maySleep: boolean;
  /** How many of so many further workers the process has room for; any number where this is not known. */
  room?(workers: number): number;
  /** Starts a worker that neither keeps the process alive nor outlives it. @throws where the host refuses. */
  start(task: WorkerTask, onEnd: (why: string) => void): RunningWorker;
}

interface NodeWorker {
  unref(): void;
  terminate(): Promise<number>;
  on(event: 'error', listener: (error: Error) => void): void;
  on(event: 'exit', listener: (code: number) => void): void;
}
interface NodeModules {
  'node:worker_threads': { Worker: new (source: string, options: object) => NodeWorker };
  'node:os': { availableParallelism(): number };
}
interface NodeProcess {
  readonly versions?: { readonly node?: string } | undefined;
  getBuiltinModule?<N extends keyof NodeModules>(name: N): NodeModules[N];
}

/** Threads beyond this gain little on matrices of these sizes. */
const MOST_PROCESSORS = 16;
/** Address space that must be free for a worker: V8 ends the process where it finds none, and this thread goes on growing. */
const WORKER_SPACE = 2 ** 29;
/** A worker needs little of what V8 reserves by default, 600 MB of address space: with these it reserves 100 MB. */
const resourceLimits = { codeRangeSizeMb: 16, maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 8 };

/** Node's or a page's threads; a string where there are none, saying why. */
export function findHost(): Host | string {
  const { process, EdgeRuntime } = globalThis as { process?: NodeProcess; EdgeRuntime?: string };
  const node = EdgeRuntime === undefined ? process : undefined; // Next's throws where it is looked at
  if (typeof node?.getBuiltinModule === 'function') return nodeHost(node);
  if (typeof Worker === 'undefined') {
    const { node: version } = node?.versions ?? {};
    if (version === undefined) return 'workers are not available here';
    return `Node ${version} does not give worker threads to ES modules: use Node 20.19, 22.12 or newer`;
  }
  if ((globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated === false) {
    return 'the page is not cross-origin isolated (Cross-Origin-Opener-Policy: same-origin, Cross-Origin-Embedder-Policy: require-corp), so memory cannot be shared with workers';
  }
  return webHost();
}

function nodeHost(node: NodeProcess): Host | string {
  const threads = node.getBuiltinModule?.('node:worker_threads');
  const processors = node.getBuiltinModule?.('node:os').availableParallelism() ?? 1;
  if (threads === undefined) return 'worker_threads is not available here';
  return {
    processors: Math.min(processors, MOST_PROCESSORS),
    maySleep: true,
    room,
    start(task, onEnd) {
      const worker = new threads.Worker(source, {
        eval: true,
        workerData: task,
        execArgv: [],
        stdin: false,
        resourceLimits,
      });
      worker.on('error', (error) => onEnd(error.message));
      worker.on('exit', (code) => onEnd(`it exited with code ${code}`));
      worker.unref();
      return { terminate: () => void worker.terminate() };
    },
  };
}

/** As ES2024 has it. */
const Reservable = ArrayBuffer as new (length: number, options: { readonly maxByteLength: number }) => ArrayBuffer;

/**
 * Reserves address space for the workers, counts how far it goes, and gives it back at once: a closed port drops what is
 * sent to it, while the garbage collector would keep it.
 */
function room(workers: number): number {
  const reserved: ArrayBuffer[] = [];
  try {
    while (reserved.length < workers) reserved.push(new Reservable(0, { maxByteLength: WORKER_SPACE }));
  } catch {} // a limit on virtual memory
  const { port1 } = new MessageChannel();
  port1.close();
  try {
    port1.postMessage(null, reserved);
  } catch {} // workerd, which takes no list of what is transferred, and whose Worker throws
  return reserved.length;
}

function webHost(): Host {
  return {
    processors: Math.min(globalThis.navigator?.hardwareConcurrency ?? 1, MOST_PROCESSORS),
    maySleep: typeof document === 'undefined',
    start(task, onEnd) {
      const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
      const worker = new Worker(url);
      worker.onerror = (event) => onEnd(event.message || 'the Content-Security-Policy must allow worker-src blob:');
      worker.postMessage(task);
      return {
        terminate() {
          worker.terminate();
          URL.revokeObjectURL(url);
        },
      };
    },
  };
}
