import { spawnSync } from 'node:child_process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Machine } from '../../../src/kernels/simd/machine.ts';
import { compileModules } from '../../../src/kernels/simd/modules.ts';
import { createSimdKernels } from '../../../src/kernels/simd/simd.ts';
import { findHost, type Host } from '../../../src/kernels/simd/threads/host.ts';

// What a process may not have: address space, processes. Fewer threads, or a word; never other bits without one.

const PROGRAM = `
  import { Autoencoder, fit } from ${JSON.stringify(`${process.cwd()}/dist/index.js`)};
  const x = { data: Float32Array.from({ length: 2000 * 64 }, (_, i) => 0.5 + 0.4 * Math.sin(i * i)), shape: [2000, 64], stride: [64, 1], offset: 0 };
  try {
    const model = await Autoencoder.create({ inputs: 64, hidden: 256 }, { threads: 3, deterministic: process.argv[1] === 'deterministic' });
    const { cost } = await fit(model, x, { epochs: 2, batchSize: 500 });
    const { name, threads, note } = model.engine.kernels;
    console.log(JSON.stringify({ cost, name, threads, note }));
  } catch (error) {
    console.log(JSON.stringify({ error: error.name, message: error.message }));
  }`;

interface Outcome {
  readonly cost?: number;
  readonly name?: string;
  readonly threads?: number;
  readonly note?: string | null;
  readonly error?: string;
  readonly message?: string;
}

/** Runs the program under a limit on virtual memory, in kilobytes. */
function under(limit: string, ...args: string[]): Outcome {
  const shell = `ulimit -v ${limit}; exec "$0" "$@"`;
  const command = ['-c', shell, process.execPath, '--input-type=module', '-e', PROGRAM, ...args];
  const { status, stdout, stderr } = spawnSync('bash', command, { encoding: 'utf8', timeout: 60_000 });
  assert.is(status, 0, `under ${limit}: ${stderr}`);
  return JSON.parse(stdout);
}

if (process.platform === 'linux') {
  test('under any limit on virtual memory a run has the bits of the same kernels, or says that others run', () => {
    const free = under('unlimited');
    assert.is(free.note, null);
    assert.is(free.threads, 3);
    let fewer = 0;
    let others = 0;
    for (let limit = 13_000_000; limit >= 9_000_000; limit -= 500_000) {
      const { cost, name, threads = 0, note } = under(String(limit));
      if (name === free.name) assert.is(cost, free.cost);
      if (name !== free.name || threads < 3) assert.match(note ?? '', /ulimit -v/);
      if (name === free.name && threads < 3) fewer++;
      if (name !== free.name) others++;
    }
    assert.ok(fewer + others > 0);
  });

  test('deterministic is an EngineError that names the limit where its kernels find no room', () => {
    const { error, message } = under('8000000', 'deterministic');
    if (error === undefined) return; // a Node that reserves less
    assert.is(error, 'EngineError');
    assert.match(message ?? '', /deterministic .*could not allocate memory.*ulimit -v.*--disable-wasm-trap-handler/);
  });
}

const modules = compileModules();
const found = findHost();
if (modules === null || typeof found === 'string') throw new Error('this engine has no SIMD, or no threads');
const host: Host = found;

test('as many workers start as there is room for, and the kernels say how many and why no more', () => {
  const cramped: Host = { ...host, room: (workers) => Math.min(workers, 1) };
  const machine = new Machine(modules, cramped);
  machine.startWorkers(64);
  const kernels = createSimdKernels(machine, { threads: 64 });
  assert.is(kernels.threads, 2);
  assert.match(kernels.note ?? '', /ulimit -v/);
  const two = createSimdKernels(machine, { threads: 2 });
  assert.is(two.threads, 2);
  assert.is(two.note, null, 'it has all it asked for');
  machine.dropWorkers();
});

test('a host that starts some workers and then no more leaves those, and says why', () => {
  let started = 0;
  const few: Host = {
    ...host,
    start(task, onEnd) {
      if (started++ === 2) throw new Error('EAGAIN');
      return host.start(task, onEnd);
    },
  };
  const machine = new Machine(modules, few);
  machine.startWorkers(8);
  const kernels = createSimdKernels(machine, { threads: 8 });
  assert.is(kernels.threads, 3);
  assert.match(kernels.note ?? '', /EAGAIN, a limit on processes/);
  machine.dropWorkers();
});

test.run();
