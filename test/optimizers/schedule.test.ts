import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { InputError } from '../../src/errors.ts';
import { type Schedule, scheduleAt, scheduleSchema } from '../../src/optimizers/schedule.ts';
import { halfOpenUnit, parse } from '../../src/validate.ts';
import { assertClose } from '../support/close.ts';

const values = (schedule: Schedule, steps: readonly number[], T: number) =>
  steps.map((t) => scheduleAt(schedule, t, T));

test('scheduleAt of a number or a constant is that number at every step', () => {
  assert.equal(values(0.3, [0, 5, 9, 1000], 10), [0.3, 0.3, 0.3, 0.3]);
  assert.equal(values({ kind: 'constant', value: 0.3 }, [0, 5, 9, 1000], 10), [0.3, 0.3, 0.3, 0.3]);
});

test('scheduleAt of a function is what it gives for the step, of all steps; what is no rate is refused', () => {
  assertClose(
    values((t, T) => (1 + t) / T, [0, 4, 9], 10),
    [0.1, 0.5, 1],
  );
  for (const bad of [Number.NaN, -1, Number.POSITIVE_INFINITY, undefined, '0.1']) {
    assert.throws(
      () => scheduleAt((() => bad) as never, 3, 10),
      (error: unknown) =>
        error instanceof InputError &&
        /^options\.optimizer\.learningRate gives .* for step 3 of 10, counted from 0: it must be a finite/.test(
          error.message,
        ),
    );
  }
  assert.is(
    scheduleAt(() => 0.99, 0, 1, 'momentum', 1),
    0.99,
  );
  assert.throws(() => scheduleAt(() => 1, 0, 1, 'momentum', 1), /at least 0 and below 1/);
  assert.is(typeof parse(scheduleSchema(), () => 1, 'x'), 'function');
});

test('scheduleAt of a linear schedule runs straight from the first step to the last', () => {
  assertClose(values({ kind: 'linear', from: 2, to: 1 }, [0, 1, 5, 9, 10], 11), [2, 1.9, 1.5, 1.1, 1]);
  assertClose(values({ kind: 'linear', from: 0, to: 0.8 }, [0, 1, 4], 5), [0, 0.2, 0.8]);
});

test('scheduleAt of a cosine schedule is flat at both ends and half-way in the middle', () => {
  const cosine = { kind: 'cosine', from: 2, to: 1 } as const;
  assertClose(values(cosine, [0, 2, 3, 4, 6], 7), [2, 1.75, 1.5, 1.25, 1]);
  assert.ok(2 - scheduleAt(cosine, 1, 1001) < 1e-5);
});

test('scheduleAt warms up from start/w to the start value, then runs its course to the last step', () => {
  assertClose(values({ kind: 'constant', value: 8, warmup: 4 }, [0, 1, 2, 3, 4, 9], 10), [2, 4, 6, 8, 8, 8]);
  assertClose(values({ kind: 'linear', from: 1, to: 0, warmup: 2 }, [0, 1, 2, 4, 6], 7), [0.5, 1, 1, 0.5, 0]);
  assertClose(values({ kind: 'cosine', from: 1, to: 0, warmup: 2 }, [0, 1, 2, 4, 6], 7), [0.5, 1, 1, 0.5, 0]);
  assertClose(values({ kind: 'linear', from: 1, to: 0, warmup: 0 }, [0, 1], 2), [1, 0]);
});

test('scheduleAt of a trapezoid rises by warm-up, stays, and falls to 0 after the last step', () => {
  const share = { kind: 'trapezoid', value: 8, warmup: 2, decay: 0.4 } as const;
  assertClose(values(share, [0, 1, 2, 5, 6, 7, 8, 9, 500], 10), [4, 8, 8, 8, 8, 6, 4, 2, 2]);
  assertClose(values({ ...share, decay: 4 }, [0, 1, 5, 6, 7, 9], 10), [4, 8, 8, 8, 6, 2]);
  const fifth = { kind: 'trapezoid', value: 1 } as const; // the last fifth, without warm-up
  assertClose(values(fifth, [0, 7, 8, 9], 10), [1, 1, 1, 0.5]);
  assertClose(values({ ...fifth, decay: 0 }, [0, 9], 10), [1, 1]);
  assertClose(values({ ...fifth, warmup: 4, decay: 6 }, [0, 2, 3], 4), [0.25, 1 / 3, 1 / 6]); // a run shorter than both
  assert.is(scheduleAt(fifth, 0, 1), 1);
});

test('scheduleAt is finite for a run of one step and for a warm-up as long as the run or longer', () => {
  for (const kind of ['linear', 'cosine'] as const) {
    assert.is(scheduleAt({ kind, from: 3, to: 1 }, 0, 1), 3);
    assertClose(values({ kind, from: 3, to: 1, warmup: 3 }, [0, 1, 2], 3), [1, 2, 3]);
    assertClose(values({ kind, from: 3, to: 1, warmup: 6 }, [0, 2], 3), [0.5, 1.5]);
    assert.is(scheduleAt({ kind, from: 3, to: 1, warmup: 1 }, 0, 1), 3);
  }
});

test('scheduleAt stays at its end beyond the last step', () => {
  for (const kind of ['linear', 'cosine'] as const) {
    assertClose(values({ kind, from: 3, to: 1 }, [9, 10, 500], 10), [1, 1, 1]);
  }
});

test('scheduleSchema accepts the five forms and refuses everything else with an InputError', () => {
  const read = (schedule: unknown) => parse(scheduleSchema(), schedule, 'learningRate');
  assert.is(read(0.1), 0.1);
  assert.equal(read({ kind: 'constant', value: 1, warmup: 3 }), { kind: 'constant', value: 1, warmup: 3 });
  for (const kind of ['linear', 'cosine']) assert.equal(read({ kind, from: 1, to: 0 }), { kind, from: 1, to: 0 });
  for (const decay of [undefined, 0, 0.3, 1, 50]) read({ kind: 'trapezoid', value: 1, warmup: 3, decay });
  for (const bad of [
    { kind: 'trapezoid', value: 1, decay: 1.5 },
    { kind: 'trapezoid', value: 1, decay: -0.1 },
    { kind: 'trapezoid', from: 1 },
    -1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    '0.1',
    null,
    { kind: 'step', value: 1 },
    { kind: 'linear', from: 1 },
    { kind: 'linear', from: 1, to: -1 },
    { kind: 'cosine', from: 1, to: 0, warmup: 1.5 },
    { kind: 'cosine', from: 1, to: 0, warmup: -1 },
    { kind: 'constant', value: 1, decay: 1 },
  ]) {
    assert.throws(
      () => read(bad),
      (error: unknown) =>
        error instanceof InputError && error.message.startsWith('learningRate') && !error.message.includes('\n'),
    );
  }
});

test('scheduleSchema holds every value of the schedule to its range: a momentum stays below 1', () => {
  const read = (schedule: unknown) => parse(scheduleSchema(halfOpenUnit), schedule, 'momentum');
  assert.is(read(0.99), 0.99);
  for (const bad of [1, { kind: 'constant', value: 1 }, { kind: 'linear', from: 0.5, to: 1 }]) {
    assert.throws(
      () => read(bad),
      (error: unknown) => error instanceof InputError,
    );
  }
});

test.run();
