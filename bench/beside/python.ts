import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Numbers, Precision } from '../../src/array/matrix.ts';
import { peersFolder } from './load.ts';
import { Peer } from './peer.ts';

/** An array that Python reads from a file. */
interface SentArray {
  readonly path: string;
  readonly type: Precision;
  readonly shape: readonly number[];
}

/** A Python with the modules of a task list under bench/peers/python, in a process of its own. */
export class Python extends Peer {
  /** Versions and instructions, in one line. */
  about = '';
  /** Which processor's code OpenBLAS chose; null where it is not found in the process. */
  core: string | null = null;

  send(values: Numbers, shape: readonly number[]): SentArray {
    const path = this.path();
    writeFileSync(path, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    return { path, type: values instanceof Float32Array ? 'float32' : 'float64', shape };
  }
}

/** Whose tasks: modules of that name. */
export type PythonTasks = 'pytorch' | 'pytorch_cuda' | 'scientific';

/** Which instructions a Python may use: as the environment says, all that the processor has, or none wider than AVX2. */
export type Instructions = 'environment' | 'native' | 'avx2';

function environment(threads: number, instructions: Instructions): NodeJS.ProcessEnv {
  const counts = { OPENBLAS_NUM_THREADS: String(threads), OMP_NUM_THREADS: String(threads) };
  if (instructions === 'environment') return { ...process.env, ...counts };
  const { OPENBLAS_CORETYPE: _, ATEN_CPU_CAPABILITY: __, ONEDNN_MAX_CPU_ISA: ___, ...others } = process.env;
  const narrow = { OPENBLAS_CORETYPE: 'Haswell', ATEN_CPU_CAPABILITY: 'avx2', ONEDNN_MAX_CPU_ISA: 'AVX2' };
  return { ...others, ...counts, ...(instructions === 'avx2' ? narrow : {}) };
}

/** The first python3 that has what the tasks import, or one line that says why there is none. */
export async function startPython(
  tasks: PythonTasks,
  threads: number,
  instructions: Instructions,
): Promise<Python | string> {
  const env = environment(threads, instructions);
  let why = 'no python3';
  for (const command of ['python3', '/usr/bin/python3']) {
    const script = join(peersFolder(), 'python', 'serve.py');
    const child: ChildProcessWithoutNullStreams = spawn(command, ['-B', script, tasks, String(threads)], { env });
    const python = new Python(child);
    const answer = (await python.next()) as {
      missing?: string;
      versions?: object;
      openblas?: string | null;
    } | null;
    if (answer === null || answer.missing !== undefined) {
      why = answer?.missing ?? why;
      python.stop();
      continue;
    }
    const versions = Object.entries(answer.versions ?? {}).map(([name, version]) => `${name} ${version}`);
    python.core = answer.openblas ?? null;
    const core = answer.openblas ? `OpenBLAS for ${answer.openblas}` : 'OpenBLAS not found in the process';
    python.about = `${versions.join(', ')}; ${core}`;
    return python;
  }
  return `${tasks} skipped: ${why}; apt-get install python3-torch python3-scipy libopenblas0-pthread`;
}
