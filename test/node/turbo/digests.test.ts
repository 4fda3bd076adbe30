import { setFlagsFromString } from 'node:v8';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Machine } from '../../../src/kernels/simd/machine.ts';
import type { Cases } from '../../../src/node/turbo/cases/case.ts';
import { casesOf, digestsOf } from '../../../src/node/turbo/digests.ts';
import { modulesApart } from '../../../src/node/turbo/kernel-modules.ts';

// Node 20 has relaxed SIMD behind a flag, and its baseline compiler gets relaxed dot products wrong.
if (process.versions.node.startsWith('20.'))
  for (const flag of ['--experimental-wasm-relaxed-simd', '--no-liftoff']) setFlagsFromString(flag);
const machine = new Machine(modulesApart(1), 'no threads');
/** Tiles alone are what rates are of. */
const names = Object.keys(machine.kernels).filter((name) => !/^tile\d/.test(name));

/** They do all of their work whatever the range. */
const ONE_UNIT = ['addSparseSums', 'listByFeature'];

/** Every kernel that each case calls. */
const callers = new Map<string, Set<string>>(names.map((name) => [name, new Set()]));
let running = '';
for (const name of names) {
  const kernel = machine.kernels[name];
  machine.kernels[name] = (...args) => {
    if (running !== '') callers.get(name)?.add(running);
    kernel(...args);
  };
}
const cases = casesOf(machine);
const digests: Record<string, string> = {};
for (const [name, run] of Object.entries(cases)) {
  running = name;
  Object.assign(digests, digestsOf(machine, { [name]: run }));
}
running = '';

test('every kernel that the modules export is in some case of the proof', () => {
  const missing = [...callers].filter(([, of]) => of.size === 0).map(([name]) => name);
  assert.equal(missing, [], 'add a case to src/node/turbo/cases');
});

test('every kind of a column pass, and every activation, is in some case', () => {
  const seen = { columnPass: new Set<number>(), activate: new Set<number>(), delta: new Set<number>() };
  for (const kernel of ['columnPass', 'activate', 'delta'] as const) {
    const before = machine.kernels[kernel];
    machine.kernels[kernel] = (...args) => {
      seen[kernel].add(kernel === 'columnPass' ? args[0] : args[args.length - 4]);
      before(...args);
    };
    const some = [...(callers.get(kernel) ?? [])].map((name) => [name, cases[name]]);
    digestsOf(machine, Object.fromEntries(some) as Cases);
    machine.kernels[kernel] = before;
  }
  const sorted = (numbers: Set<number>) => [...numbers].sort((a, b) => a - b);
  assert.equal(sorted(seen.columnPass), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  assert.equal(sorted(seen.activate), [0, 1, 2, 3]);
  assert.equal(sorted(seen.delta), [0, 1, 2, 3, 4]);
});

test('digests are those of the same kernels again, and no two cases but the relaxed tiles have the same', () => {
  assert.equal(digestsOf(machine, cases), digests);
  const { 'gemm simd-wide': wide, ...others } = digests;
  assert.is(new Set(Object.values(others)).size, Object.keys(others).length);
  assert.is(wide, digests['gemm simd-relaxed']);
});

test('a kernel that leaves out its last unit, or does nothing, changes the digest of every case that calls it', () => {
  for (const name of names) {
    const kernel = machine.kernels[name];
    const some = Object.fromEntries([...(callers.get(name) ?? [])].map((caller) => [caller, cases[caller]]));
    const nothing = () => undefined;
    for (const wrong of ONE_UNIT.includes(name) ? [nothing] : [nothing, withoutLast(kernel)]) {
      machine.kernels[name] = wrong;
      const found = digestsOf(machine, some);
      machine.kernels[name] = kernel;
      for (const caller of Object.keys(some)) assert.is.not(found[caller], digests[caller], `${name} in ${caller}`);
    }
  }
});

/** begin, end and scratch come last. */
function withoutLast(kernel: (...args: number[]) => void) {
  return (...args: number[]) => {
    const [end] = args.splice(args.length - 2, 1);
    args.splice(args.length - 1, 0, end - 1);
    kernel(...args);
  };
}

test.run();
