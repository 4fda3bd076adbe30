import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Peer } from '../beside/peer.ts';

/** 256-bit kernels, from Node 24 on. */
const TURBO = '--experimental-wasm-revectorize';

/** A Node that takes steps in a process of its own. */
export class Engine extends Peer {
  /** Its version, and turbo where it has it. */
  name = '';

  /** The kernels of a prepared task. */
  async kernels(id: string): Promise<string> {
    return String((await this.ask({ kind: 'name', id })).name);
  }
}

/** Paths of Nodes, as --nodes gives them: `20=path,24=path` or paths alone; this one without it. */
export function nodePaths(given: string | null): string[] {
  if (given === null) return [process.execPath];
  return given.split(',').map((each) => each.slice(each.indexOf('=') + 1));
}

/** Where npm run build:bench lays the program of a process; this file lies beside it or in a chunk of the bundle's root. */
function program(): string {
  return fileURLToPath(new URL('steps/serve.js', import.meta.url));
}

async function start(path: string, flags: readonly string[], threads: number): Promise<Engine> {
  const child = spawn(path, [...flags, program(), String(threads)]);
  const engine = new Engine(child);
  const first = await engine.next();
  if (first === null) throw new Error(`--nodes ${path}: it is no Node that runs the bench; node=path names one`);
  engine.name = `Node ${first.node}${flags.length > 0 ? ' turbo' : ''}`;
  return engine;
}

/** Every Node, and with turbo those that have it. */
export async function startEngines(nodes: string | null, threads: number): Promise<Engine[]> {
  const engines: Engine[] = [];
  for (const path of nodePaths(nodes)) {
    const plain = await start(path, [], threads);
    engines.push(plain);
    if (Number.parseInt(plain.name.slice('Node '.length), 10) >= 24) engines.push(await start(path, [TURBO], threads));
  }
  return engines;
}
