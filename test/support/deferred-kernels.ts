import type { Block, Numbers, View } from '../../src/array/matrix.ts';
import type { CpuKernels, CpuStorage, Kernels, Results, Storage } from '../../src/kernels/kernels.ts';

/**
 * Kernels that answer late, as a GPU does, over others: blocks are opaque, so that whoever looks inside fails; kernels are
 * queued and run in a later task, when something is read; a read gives what the kernels called before it left. Numbers of
 * callers are taken when they are given, as an upload does. Bits are those of the kernels beneath.
 */
export function createDeferredKernels(inner: CpuKernels): Kernels {
  const hidden = new WeakMap<object, Numbers | Uint32Array | Float64Array>();
  let queue: (() => void)[] = [];

  function opaque<T extends Block>(real: Numbers | Uint32Array | Float64Array): T {
    const block = new Proxy(Object.freeze({ length: real.length }), {
      get(target, key) {
        if (key === 'length') return target.length;
        throw new Error(`a block was looked into: ${String(key)}`);
      },
      set(_, key) {
        throw new Error(`a block was written to: ${String(key)}`);
      },
    });
    hidden.set(block, real);
    return block as unknown as T;
  }

  function reveal(block: object) {
    const real = hidden.get(block);
    if (real === undefined) throw new Error('no block of these kernels, or one that was given back');
    return real;
  }

  /** An argument as the kernels beneath take it, as it stands now. */
  function open(argument: unknown): unknown {
    if (argument === null || typeof argument !== 'object') return argument;
    if (hidden.has(argument)) return reveal(argument);
    if (argument instanceof Uint32Array) return argument.slice(); // numbers of callers
    const { data, shape, stride, offset } = argument as View;
    if (shape === undefined) {
      if (Object.isFrozen(argument) || 'of' in argument) return argument; // an activation
      return Object.fromEntries(Object.entries(argument).map(([key, value]) => [key, open(value)])); // options, views among them
    }
    return { data: reveal(data), shape: [...shape], stride: [...stride], offset };
  }

  const later = <T>(read: () => Promise<T>): Promise<T> => {
    let answer: Promise<T>;
    queue.push(() => {
      answer = read();
    });
    return new Promise((resolve, reject) => {
      setImmediate(() => {
        const commands = queue;
        queue = [];
        try {
          for (const command of commands) command();
          resolve(answer);
        } catch (error) {
          reject(error);
        }
      });
    });
  };

  function storageOver(storage: CpuStorage): Storage {
    return {
      allocate: (length) => opaque(storage.allocate(length)),
      allocateDoubles: (length) => opaque(storage.allocateDoubles(length)),
      allocateIndices: (length) => opaque(storage.allocateIndices(length)),
      release(block) {
        if (block === null || !hidden.has(block)) return;
        storage.release(reveal(block) as Numbers);
        hidden.delete(block);
      },
      fork: () => storageOver(storage.fork()),
      heldBytes: () => storage.heldBytes(),
      dispose: () => storage.dispose(),
    };
  }

  const own: Partial<Kernels> = {
    ...storageOver(inner),
    name: `deferred ${inner.name}`,
    precision: inner.precision,
    threads: 1,
    note: null,
    allocateResults: (length) => opaque<Results>(inner.allocateResults(length) as Float64Array),
    write(out, values) {
      const target = open(out) as View;
      const given = Array.from(values);
      queue.push(() => inner.write(target, given));
    },
    gatherRows(out, data, rows) {
      const target = open(out) as View;
      const given = {
        ...data,
        data: data.data.slice(),
        shape: [...data.shape],
        stride: [...data.stride],
        offset: data.offset,
      };
      const which = rows.slice();
      queue.push(() => inner.gatherRows(target, given, which));
    },
    read(results) {
      const real = open(results) as Results;
      return later(() => inner.read(real));
    },
    copyOut(view, out) {
      const source = open(view) as View;
      return later(() => inner.copyOut(source, out));
    },
  };
  const queued =
    (name: keyof Kernels) =>
    (...args: unknown[]) => {
      const opened = args.map(open);
      queue.push(() => (inner[name] as (...all: unknown[]) => void)(...opened));
    };
  return Object.fromEntries(
    (Object.keys(inner) as (keyof Kernels | 'copyNow')[])
      .filter((name): name is keyof Kernels => name !== 'copyNow')
      .map((name) => [name, name in own ? own[name] : queued(name)]),
  ) as unknown as Kernels;
}
