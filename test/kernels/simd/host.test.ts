import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findHost } from '../../../src/kernels/simd/threads/host.ts';

/** What is found where globals are these. */
function foundWith(globals: Record<string, unknown>): ReturnType<typeof findHost> {
  const before = Object.keys(globals).map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const);
  try {
    for (const [name, value] of Object.entries(globals)) {
      Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    }
    return findHost();
  } finally {
    for (const [name, descriptor] of before) {
      delete (globalThis as Record<string, unknown>)[name];
      if (descriptor !== undefined) Object.defineProperty(globalThis, name, descriptor);
    }
  }
}

test('a Node whose process gives no worker threads is told what to use', () => {
  assert.is(
    foundWith({ process: { versions: { node: '20.10.0' } }, Worker: undefined }),
    'Node 20.10.0 does not give worker threads to ES modules: use Node 20.19, 22.12 or newer',
  );
  assert.is(foundWith({ process: undefined, Worker: undefined }), 'workers are not available here');
});

test("an edge runtime's process is not looked at: it throws", () => {
  const process = new Proxy(
    {},
    {
      get() {
        throw new Error('A Node.js API is used');
      },
    },
  );
  assert.is(foundWith({ EdgeRuntime: 'edge-runtime', process, Worker: undefined }), 'workers are not available here');
});

test('a host that takes no list of what is transferred has room all the same, and says that workers are refused', () => {
  class Refused {
    constructor() {
      throw new Error('The Worker method is not implemented.');
    }
  }
  const modules = {
    'node:worker_threads': { Worker: Refused },
    'node:os': { availableParallelism: () => 1 },
  };
  const process = { getBuiltinModule: (name: keyof typeof modules) => modules[name] };
  class Channel {
    readonly port1 = {
      close() {},
      postMessage() {
        throw new Error('Transfer list is not supported');
      },
    };
  }
  const host = foundWith({ process });
  assert.is.not(typeof host, 'string');
  if (typeof host === 'string') return;
  const before = globalThis.MessageChannel;
  globalThis.MessageChannel = Channel as never;
  try {
    assert.is(host.room?.(2), 2);
  } finally {
    globalThis.MessageChannel = before;
  }
  assert.throws(() => host.start({} as never, () => {}), /not implemented/);
});

test.run();
