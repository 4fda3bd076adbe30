import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import workerSource from '#simd/worker.txt';
import { EngineError } from '../../../src/errors.ts';
import { Machine } from '../../../src/kernels/simd/machine.ts';
import { compileModules } from '../../../src/kernels/simd/modules.ts';
import { findHost, type Host } from '../../../src/kernels/simd/threads/host.ts';

const modules = compileModules();
if (modules === null) throw new Error('this engine has no SIMD');
const found = findHost();
if (typeof found === 'string') throw new Error(found);
const host: Host = found;

/** Waits until `holds` does, and fails after ten seconds. */
async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 1000; i++) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.unreachable('it did not happen within ten seconds');
}

/** A machine whose workers can be counted and killed. */
function watched(stalledMs = 300) {
  const workers: Worker[] = [];
  let ready = 0;
  const killable: Host = {
    ...host,
    start(task, onEnd) {
      const worker = new Worker(workerSource, { eval: true, workerData: task, execArgv: [] });
      workers.push(worker);
      worker.on('online', () => ready++);
      worker.on('error', (error) => onEnd(error.message));
      worker.on('exit', (code) => onEnd(`it exited with code ${code}`));
      worker.unref();
      return { terminate: () => void worker.terminate() };
    },
  };
  const machine = new Machine(modules as NonNullable<typeof modules>, killable, stalledMs);
  return { machine, workers, ready: () => ready };
}

/** Adds `value` to `n` numbers, in `chunks` chunks, on `threads` threads. */
function addOnes(machine: Machine, view: Float32Array, threads: number, grain = 1): void {
  const n = view.length;
  const ones = new Float32Array(...machine.heap.place(n)).fill(1);
  const operands = [view.byteOffset, 256, 1, ones.byteOffset, 256, 1];
  machine.run('axpy', threads, Math.ceil(n / 256), grain, 256, n, ...operands, 1);
  machine.heap.release(ones.byteOffset);
}

test('run does every unit exactly once, on any number of threads, a thousand times over', async () => {
  const { machine, workers } = watched();
  machine.startWorkers(3);
  await until(() => workers.length === 2);
  const view = new Float32Array(...machine.heap.place(20_000));
  for (let i = 1; i <= 1000; i++) {
    addOnes(machine, view, 1 + (i % 3), 1 + (i % 5));
    if (i % 100 === 0) {
      assert.ok(
        view.every((value) => value === i),
        `round ${i}`,
      );
      await new Promise((resolve) => setTimeout(resolve, i === 500 ? 50 : 0)); // lets the workers fall asleep
    }
  }
  machine.dropWorkers();
});

test('a kernel that traps in any thread fails its call with an EngineError, and the next call works', async () => {
  const { machine } = watched();
  machine.startWorkers(2);
  const beyond = machine.heap.memory.buffer.byteLength - 64;
  assert.throws(
    () => machine.run('fill', 2, 64, 1, 256, 64 * 256, beyond, 256, 1, 7),
    (error: Error) => error instanceof EngineError && /trapped/.test(error.message),
  );
  const view = new Float32Array(...machine.heap.place(5000));
  addOnes(machine, view, 2);
  assert.ok(view.every((value) => value === 1));
  machine.dropWorkers();
});

test('a worker that is killed fails the next call with an error that says what to do; the one after starts new ones', async () => {
  const { machine, workers } = watched();
  machine.startWorkers(2);
  const view = new Float32Array(...machine.heap.place(5000));
  await until(() => {
    addOnes(machine, view, 2);
    return machine.workersReady === 1;
  });
  await workers[0].terminate();
  assert.throws(
    () => addOnes(machine, view, 2),
    (error: Error) => error instanceof EngineError && /worker thread ended.*call again.*threads: 1/.test(error.message),
  );
  view.fill(0);
  addOnes(machine, view, 2);
  assert.ok(view.every((value) => value === 1));
  machine.dropWorkers();
});

test('a worker that dies inside of a kernel fails the call instead of hanging it', async () => {
  const { machine, workers } = watched();
  machine.startWorkers(2);
  const view = new Float32Array(...machine.heap.place(4_000_000));
  await until(() => {
    addOnes(machine, view, 2);
    return machine.workersReady === 1;
  });
  // Termination reaches the worker at some point of the calls that follow; it is told to end before they begin.
  const ended = once(workers[0], 'exit');
  void workers[0].terminate();
  const begin = performance.now();
  let failed: unknown = null;
  for (let i = 0; i < 50 && failed === null; i++) {
    try {
      addOnes(machine, view, 2);
    } catch (error) {
      failed = error;
    }
  }
  await ended;
  try {
    addOnes(machine, view, 2);
  } catch (error) {
    failed ??= error;
  }
  assert.instance(failed, EngineError);
  assert.ok(performance.now() - begin < 20_000);
});

test('where workers are refused one thread does all, and the machine says why', () => {
  const refusing: Host = {
    ...host,
    start() {
      throw new Error('not here');
    },
  };
  for (const [given, why] of [
    [refusing, 'workers are refused: not here'],
    ['no workers in this place', 'no workers in this place'],
  ] as const) {
    const machine = new Machine(modules, given);
    machine.startWorkers(3);
    const view = new Float32Array(...machine.heap.place(5000));
    addOnes(machine, view, 3);
    assert.ok(view.every((value) => value === 1));
    assert.is(machine.fewerBecause, why);
  }
});

test('small jobs start no workers', () => {
  const { machine, workers } = watched();
  const view = new Float32Array(...machine.heap.place(5000));
  addOnes(machine, view, 2);
  assert.is(workers.length, 0);
});

/** Runs a program that imports the built library. */
function program(flags: readonly string[], code: string) {
  const source = `import { createHash } from 'node:crypto';
    import { Autoencoder, fit } from ${JSON.stringify(`${process.cwd()}/dist/index.js`)};
    const x = { data: Float32Array.from({ length: 300 * 200 }, (_, i) => (i % 97) / 100), shape: [300, 200], stride: [200, 1], offset: 0 };
    ${code}`;
  const begin = performance.now();
  const cpu =
    'const { user, system } = process.cpuUsage(); console.log(JSON.stringify({ ...out, cpu: (user + system) / 1e6 }));';
  const done = spawnSync(process.execPath, [...flags, '--input-type=module', '-e', `${source}\n${cpu}`], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  assert.is(done.status, 0, `${done.stderr} ${done.signal} ${done.error}`);
  return { ...JSON.parse(done.stdout), wall: (performance.now() - begin) / 1000 };
}

const TRAIN = `const model = await Autoencoder.create({ inputs: 200, hidden: 150, seed: 1 }, { threads: THREADS });
  await fit(model, x, { epochs: 10, batchSize: 100, optimizer: { kind: 'sgd', learningRate: 0.1 } });
  const out = { threads: model.engine.kernels.threads, note: model.engine.kernels.note, theta: createHash('sha256').update((await model.parameters())['encoder.bias'].data).digest('hex') };`;

test('a process with a pool ends by itself, and an idle pool burns no processor time', () => {
  const { cpu, threads } = program(
    [],
    `${TRAIN.replace('THREADS', '3')}
     await new Promise((resolve) => setTimeout(resolve, 100));
     const start = process.cpuUsage();
     await new Promise((resolve) => setTimeout(resolve, 1000));
     const idle = process.cpuUsage(start);
     out.idle = (idle.user + idle.system) / 1e6;
     if (out.idle > 0.3) throw new Error('idle for a second, and ' + out.idle + ' s of processor time were used');`,
  );
  assert.is(threads, 3);
  assert.ok(cpu > 0);
});

test('under the permission model one thread trains to the same bits, with a note', () => {
  const flag = Number(process.versions.node.split('.')[0]) >= 24 ? '--permission' : '--experimental-permission';
  const alone = program([], TRAIN.replace('THREADS', '1'));
  const many = program([], TRAIN.replace('THREADS', '3'));
  const confined = program([flag, '--allow-fs-read=*'], TRAIN.replace('THREADS', '3'));
  assert.equal(many.theta, alone.theta);
  assert.equal(confined.theta, alone.theta);
  assert.is(alone.note, null);
  assert.is(confined.threads, 1);
  assert.match(confined.note, /^workers are refused: /);
});

test.run();
