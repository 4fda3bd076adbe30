import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { capacity } from '../../../src/cli/sweep/capacity.ts';
import { varied, withValue } from '../../../src/cli/sweep/keys.ts';
import { runNames } from '../../../src/cli/sweep/names.ts';
import { heatMapOf } from '../../../src/cli/sweep/pictures.ts';
import type { PlannedRun, SweepPlan } from '../../../src/cli/sweep/plan.ts';
import { bestOf, combinationsOf, csvOf, rowsOf } from '../../../src/cli/sweep/rows.ts';
import { nothing, type RunResult } from '../../../src/cli/sweep/run-result.ts';
import { flagText, typedKey } from '../../../src/cli/sweep/values.ts';
import type { Run } from '../../../src/training/run.ts';

const run: Run = { source: 'a.csv', data: {}, model: { hidden: 4 }, fit: {} };

/** A plan over these keys with seeds 1 and 2, and results whose error is a function of the values. */
function swept(vary: SweepPlan['vary'], error: (values: readonly string[], seed: number) => number | null) {
  const seeds = [1, 2];
  const all = vary.reduce<string[][]>((lists, { values }) => lists.flatMap((l) => values.map((v) => [...l, v])), [[]]);
  const runs = all.flatMap((values) =>
    seeds.map((seed): PlannedRun => ({ name: `${values.join('-')}=${seed}`, values, seed, run })),
  );
  const examples: [number, number] = [100, 4];
  const plan: SweepPlan = { rhohat: '0', vary, seeds, heldOut: 5, heldOutChosen: true, examples, flags: {}, runs };
  const results = new Map(
    runs.map(({ name, values, seed }): [string, RunResult] => {
      const validation = error(values, seed);
      return [
        name,
        validation === null
          ? { ...nothing, state: 'failed', says: '=no' }
          : { ...nothing, state: 'finished', validation },
      ];
    }),
  );
  return { plan, rows: rowsOf(plan, results) };
}

test('values are split at commas that stand in no brackets and no quotes', () => {
  assert.equal(typedKey('hidden=64,[100, 30]'), { key: 'hidden', texts: ['64', '[100, 30]'] });
  assert.equal(typedKey('a={"x":[1,2]},"b,c"').texts, ['{"x":[1,2]}', '"b,c"']);
  assert.is(flagText('[100, 30]'), '100,30');
  for (const bad of ['', '=1', 'a', 'a=', 'a=1,']) assert.throws(() => typedKey(bad), /it must be a key and values/);
});

test('a key is a flag, or a place in the config', () => {
  assert.equal(varied(typedKey('learning-rate=1e-3')).choices[0].flags, { learningRate: 1e-3 });
  assert.equal(varied(typedKey('tied=false')).choices[0].flags, { tied: false });
  assert.equal(varied(typedKey('sparsity.weight=3')).path, ['model', 'sparsity', 'weight']);
  assert.equal(varied(typedKey('optimizer.learningRate=3')).path, ['fit', 'optimizer', 'learningRate']);
  assert.equal(varied(typedKey('data.limit=3')).path, ['data', 'limit']);
  assert.equal(withValue(run, ['model', 'sparsity', 'weight'], 3).model, { hidden: 4, sparsity: { weight: 3 } });
  const listed = withValue(
    { ...run, fit: { rules: [{ kind: 'clip-norm', most: 1 }] } },
    ['fit', 'rules', '0', 'most'],
    2,
  );
  assert.equal(listed.fit.rules, [{ kind: 'clip-norm', most: 2 }]);
  assert.is(Object.hasOwn(Object.prototype, 'weight'), false);
});

test('names are plain, short and different, whatever the values are', () => {
  const keys = [varied(typedKey('activation=relu')), varied(typedKey('sparsity.weight=1'))];
  const texts = ['../../x', 'C:\\\u202e<b>', 'x'.repeat(10_000), 'A', 'a', '\ud800', '/', '-1'];
  const names = runNames(
    keys,
    texts.map((text) => ({ texts: [text, '1'], seed: 1 })),
  );
  assert.is(new Set(names.map((name) => name.toLowerCase())).size, names.length);
  for (const name of names) assert.ok(/^activation=[\w.,=+-]+$/.test(name) && name.length < 160, name);
  assert.is(names[7], 'activation=-1,weight=1,seed=1');
});

test('a combination counts where every seed has ended, and the best is that of the least mean', () => {
  const { plan, rows } = swept([{ key: 'k', values: ['1', '2', '3'] }], ([k], seed) =>
    k === '1' ? 1 + seed / 10 : k === '2' ? 2 : seed === 1 ? 0.1 : null,
  );
  const combinations = combinationsOf(rows);
  assert.equal(
    combinations.map(({ validation }) => validation),
    [1.15, 2, null],
  );
  assert.ok(Math.abs((combinations[0].deviation ?? 0) - 0.1 / Math.SQRT2) < 1e-12);
  assert.equal(bestOf(combinations)?.values, ['1']);
  assert.match(csvOf(plan, rows), /"'=no"/);
  assert.is(bestOf([]), null);
});

test('the heat map has the key with more values down, and over further keys the least', () => {
  const keys = [
    { key: 'a', values: ['1', '2'] },
    { key: 'one', values: ['x'] },
    { key: 'b', values: ['1', '2', '3'] },
    { key: 'c', values: ['1', '5'] },
  ];
  const { plan, rows } = swept(keys, ([a, , b, c]) =>
    a === '2' && b === '3' ? null : Number(a) * 10 + Number(b) + Number(c),
  );
  const map = heatMapOf(plan, combinationsOf(rows));
  assert.equal([map?.rows.name, map?.columns?.name, map?.best], ['b', 'a', [0, 0]]);
  assert.equal(map?.cells, [
    [12, 22],
    [13, 23],
    [14, null],
  ]);
  assert.match(map?.note ?? '', /The least over c\./);
  const single = swept([{ key: 'a', values: ['1', '2'] }], ([a]) => Number(a));
  assert.equal(heatMapOf(single.plan, combinationsOf(single.rows))?.cells, [[1], [2]]);
  const none = swept([], () => 1);
  assert.is(heatMapOf(none.plan, combinationsOf(none.rows)), null);
});

test('runs at once times threads are no more than processors, and memory is kept', () => {
  const { plan } = swept([{ key: 'a', values: ['1', '2', '3', '4'] }], () => 1); // eight runs
  const of = (asked: object, cores: number, gigabytes = 64) => {
    const { jobs, threads } = capacity(plan, asked, { cores, freeBytes: gigabytes * 2 ** 30 });
    return [jobs, threads];
  };
  assert.equal(of({}, 4), [4, 1]);
  assert.equal(of({}, 16), [8, 2]);
  assert.equal(of({ threads: 4 }, 16), [4, 4]);
  assert.equal(of({ threads: 'auto' }, 3), [3, 1]);
  assert.equal(of({ jobs: 2 }, 16), [2, 8]);
  assert.equal(of({ jobs: 3 }, 2), [3, 1]);
  assert.throws(() => of({ jobs: 3, threads: 2 }, 4), /--jobs is 3 with --threads 2: there are 4 processors/);
  const onGpu = { ...plan, flags: { device: 'gpu' } } as const;
  const machine = { cores: 8, freeBytes: 64 * 2 ** 30 };
  assert.equal([capacity(onGpu, {}, machine).jobs, capacity(onGpu, { jobs: 2 }, machine).jobs], [1, 2]);
  const large = { ...plan, examples: [1_000_000, 1000] as [number, number] };
  const { jobs, note } = capacity(large, {}, { cores: 8, freeBytes: 32 * 2 ** 30 });
  assert.is(jobs, 2);
  assert.match(note ?? '', /decide otherwise with --jobs/);
});

test.run();
