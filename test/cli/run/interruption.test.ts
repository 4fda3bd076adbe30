import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Interruption } from '../../../src/cli/run/interruption.ts';
import { ENDS_WITH_PARENT } from '../../../src/cli/with-parent.ts';

interface Context {
  exit: typeof process.exit;
  status: number | null;
}

/** `process.exit` is only noted, and signals are emitted, not sent. */
const test = suite<Context>('Interruption');

test.before.each((context) => {
  context.exit = process.exit;
  context.status = null;
  process.exit = ((status: number) => {
    context.status = status;
  }) as typeof process.exit;
});
test.after.each(({ exit }) => {
  process.exit = exit;
  delete process.env[ENDS_WITH_PARENT];
  process.exitCode = 0;
});

/** What becomes of these signals, one after the other: whether an end was asked for, and the statuses that were left with. */
function after(context: Context, ...signals: NodeJS.Signals[]): [boolean, ...(number | null)[]] {
  const interruption = new Interruption('stopping');
  try {
    const left = signals.map((name) => {
      process.emit(name, name);
      const { status } = context;
      context.status = null;
      return status;
    });
    return [interruption.signal.aborted, ...left];
  } finally {
    interruption.release();
  }
}

test('the first signal asks for an end, Ctrl-C after it leaves at once', (context) => {
  assert.equal(after(context, 'SIGINT', 'SIGINT'), [true, null, 130]);
  assert.equal(after(context, 'SIGTERM', 'SIGINT'), [true, null, 130]);
  assert.equal(after(context, 'SIGTERM', 'SIGTERM'), [true, null, 143]);
  assert.equal(after(context, 'SIGUSR2', 'SIGUSR2', 'SIGHUP'), [true, null, null, null]);
  assert.equal(after(context, 'SIGUSR2', 'SIGINT'), [true, null, 130]);
});

test('with a parent that asked, the Ctrl-C that the terminal sends both is no second one; the next one is', (context) => {
  process.env[ENDS_WITH_PARENT] = '1';
  assert.equal(after(context, 'SIGUSR2', 'SIGINT'), [true, null, null]);
  assert.equal(after(context, 'SIGUSR2', 'SIGINT', 'SIGINT'), [true, null, null, 130]);
  assert.equal(after(context, 'SIGUSR2', 'SIGQUIT', 'SIGINT'), [true, null, null, 130]);
  assert.equal(after(context, 'SIGINT', 'SIGUSR2'), [true, null, null]);
  assert.equal(after(context, 'SIGINT', 'SIGUSR2', 'SIGINT'), [true, null, null, 130]);
});

test.run();
