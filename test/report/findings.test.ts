import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseConfig } from '../../src/model/config.ts';
import { findings, findingsSoFar } from '../../src/report/findings.ts';
import type { MetricsLine } from '../../src/report/metrics-line.ts';
import type { Summary } from '../../src/report/run-summary.ts';

const entry = (epoch: number, cost: number, validation?: number) => ({
  ...{ epoch, step: epoch, cost, terms: { reconstruction: cost } },
  ...(validation === undefined ? {} : { validation }),
});

function summary(more: object = {}): Summary {
  return {
    ...{ rhohat: '0', node: '20', kernels: 'simd', threads: 2, interrupted: false, parameters: 1, examples: 9 },
    run: { source: 'x', data: {}, model: { hidden: 10 }, fit: {} },
    model: parseConfig({ inputs: 4, hidden: 10, sparsity: { kind: 'top-k', k: 2 } }),
    metrics: {
      explainedVariance: 0.9,
      varianceUnexplained: 0.1,
      deadUnits: [],
      saturatedUnits: [],
      meanActivations: new Array(10).fill(0.1),
    },
    history: [entry(1, 3), entry(2, 2)],
    ...more,
  } as unknown as Summary;
}
const shown = (more: object) => findings(summary(more)).map(({ shows }) => shows);

test('of a run that went well nothing is said', () => {
  assert.equal(findings(summary()), []);
});

test('what its numbers show: dead and saturated units, a variance below 0, a validation error that rose, an early end', () => {
  const metrics = {
    explainedVariance: 0.9,
    varianceUnexplained: 0.1,
    deadUnits: [],
    saturatedUnits: [],
    meanActivations: new Array(10).fill(0.1),
  };
  assert.match(shown({ metrics: { ...metrics, deadUnits: [1, 2] } })[0], /^2 of 10 units are dead/);
  assert.match(findings(summary({ metrics: { ...metrics, deadUnits: [1, 2] } }))[0].attempt ?? '', /AuxK/);
  assert.match(shown({ metrics: { ...metrics, saturatedUnits: [1] } })[0], /^1 of 10 units are always on/);
  assert.match(shown({ metrics: { ...metrics, explainedVariance: -0.5 } })[0], /-0\.5, below 0/);
  assert.match(
    shown({ history: [entry(1, 3, 2), entry(2, 2, 2.2)] })[0],
    /least after epoch 1 and has risen by 10% since/,
  );
  assert.equal(shown({ history: [entry(1, 3, 2), entry(2, 2, 2.02)] }), []);
  assert.match(shown({ interrupted: true })[0], /interrupted/);
  assert.match(shown({ note: 'no SharedArrayBuffer' })[0], /one thread: no SharedArrayBuffer/);
  assert.match(
    shown({ metrics: { ...metrics, varianceUnexplained: 0.95 }, dataNote: 'far too large' })[0],
    /learnt little: 95%.*far too large/,
  );
  assert.match(shown({ dataNote: 'far too large' })[0], /^Of the data: far too large/);
});

test('of one that did not end: what its lines show', () => {
  const line = (epoch: number, more: object) =>
    ({ ...entry(epoch, 1), dead: null, l0: null, ...more }) as unknown as MetricsLine;
  const lines = [line(1, { dead: 9, looked: 64, validation: 1 }), line(2, { validation: 2 })];
  assert.equal(
    findingsSoFar(lines, 20).map(({ shows }) => shows.slice(0, 30)),
    ['9 of 20 units fired on none of', 'The validation error was least'],
  );
  assert.equal(findingsSoFar(lines.slice(0, 1), undefined), []);
  assert.equal(findingsSoFar([], 5), []);
});

test.run();
