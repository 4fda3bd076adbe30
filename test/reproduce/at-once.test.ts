import { availableParallelism } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type AtOnce, longestFirst, rowsAtOnce } from '../../bench/reproduce/at-once.ts';
import type { Child, Ended } from '../../src/cli/child.ts';

const DONE: Ended = { status: 0, signal: null, says: '' };

/** Processes that end after a moment, or once they are asked to, each as `ends` says; what is seen of them. */
function processes(ends: (name: string) => Ended = () => DONE, lasts = 5) {
  const seen = { begun: [] as string[][], running: 0, most: 0, asked: 0 };
  const start: AtOnce['start'] = (args, onLine): Child => {
    seen.begun.push([...args]);
    seen.most = Math.max(seen.most, ++seen.running);
    onLine(`begins`);
    const over = new AbortController();
    const ended = wait(lasts, undefined, { signal: over.signal })
      .catch(() => undefined)
      .then(() => {
        seen.running--;
        return ends(args[0]);
      });
    return {
      ended,
      end() {
        seen.asked++;
        over.abort();
      },
    };
  };
  return { seen, start };
}

function options(start: AtOnce['start'], more: Partial<AtOnce> = {}) {
  const [said, ends] = [[] as string[], [] as number[]];
  const all: AtOnce = {
    ...{ jobs: 2, threads: 1, flags: ['--quick'], signal: new AbortController().signal },
    say: (line) => said.push(line),
    onEnd: async () => {
      ends.push(1);
    },
    ...(start ? { start } : {}),
    ...more,
  };
  return { said, ends, all };
}

test('rows at once: as many as asked for, in order, each with its flags, and each told of', async () => {
  const { seen, start } = processes();
  const { said, ends, all } = options(start);
  const failures = await rowsAtOnce(['a', 'b', 'c', 'd', 'e'], all);
  assert.is(failures.size, 0);
  assert.is(seen.most, 2);
  assert.equal(
    seen.begun,
    ['a', 'b', 'c', 'd', 'e'].map((name) => [name, '--quick', '--threads=1']),
  );
  assert.equal(said[0], 'a | begins');
  assert.is(ends.length, 5);
});

test('rows at once: no more processes than rows, and processors shared among them', async () => {
  const { seen, start } = processes();
  await rowsAtOnce(['a'], options(start, { jobs: 10_000, threads: undefined }).all);
  assert.equal(seen.begun, [['a', '--quick', `--threads=${availableParallelism()}`]]);
});

test('rows at once: what fails is named with its reason, and ends none of the others', async () => {
  const ended: Record<string, Ended> = {
    b: { status: 1, signal: null, says: 'error: no data' },
    c: { status: null, signal: 'SIGKILL', says: '' },
    d: { status: 3, signal: null, says: '' },
    e: { status: 143, signal: null, says: 'turbo: it is on' },
  };
  const { seen, start } = processes((name) => ended[name] ?? DONE);
  const failures = await rowsAtOnce(['a', 'b', 'c', 'd', 'e'], options(start).all);
  assert.is(seen.begun.length, 5);
  assert.equal(
    [...failures],
    [
      ['b', 'no data'],
      ['c', 'ended by SIGKILL'],
      ['d', 'exit status 3'],
      ['e', 'ended by signal 15'],
    ],
  );
});

test('rows at once: what follows a row is done for one at a time', async () => {
  let [inside, most] = [0, 0];
  const onEnd = async () => {
    most = Math.max(most, ++inside);
    await wait(5);
    inside--;
  };
  await rowsAtOnce(['a', 'b', 'c', 'd'], options(processes().start, { jobs: 4, onEnd }).all);
  assert.is(most, 1);
});

test('rows at once: an abort asks the running ones to end, begins no other and is no failure', async () => {
  const abort = new AbortController();
  const { seen, start } = processes(() => ({ status: 130, signal: null, says: '' }), 60_000);
  const work = rowsAtOnce(['a', 'b', 'c'], options(start, { signal: abort.signal }).all);
  await wait(5);
  abort.abort();
  assert.is((await work).size, 0);
  assert.is(seen.begun.length, 2);
  assert.is(seen.asked, 2);
});

test('rows at once: the longest first, those never run before all, and equals as they stand', () => {
  const rows = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name }));
  const records = new Map([
    ['a', { seconds: 1 }],
    ['b', { seconds: 9 }],
    ['d', { seconds: 4 }],
  ]);
  assert.equal(
    longestFirst(rows, records).map(({ name }) => name),
    ['c', 'e', 'b', 'd', 'a'],
  );
});

test.run();
