import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { proofOf } from './planted-program.ts';

test('prove catches a kernel that gives one other bit with turbo, and names it', async () => {
  const { proved, why, lasting } = await proofOf('kernel');
  assert.equal([proved, why, lasting], [false, 'kernels gave other bits: axpy', true]);
});

test('prove catches a flag that makes nothing faster', async () => {
  const { proved, why, lasting } = await proofOf('slow');
  assert.equal([proved, lasting], [false, true]);
  assert.match(why, /^products are (0\.\d\d|1\.0\d|1\.1[0-4]) times as fast with it, which is not enough$/);
});

test('prove catches a process that crashes', async () => {
  const { proved, why, lasting } = await proofOf('crash');
  assert.equal([proved, lasting], [false, true]);
  assert.match(why, /^the proof's process was ended by SIG(ABRT|ILL|TRAP)$/);
});

test('prove ends a process that hangs', async () => {
  const begun = performance.now();
  const { proved, why, lasting } = await proofOf('hang', 700);
  assert.equal([proved, why, lasting], [false, 'the proof took longer than 0.7 s', true]);
  assert.ok(performance.now() - begun < 20_000);
});

test('prove takes neither nonsense nor silence for an answer', async () => {
  for (const planted of ['nonsense', 'silence', 'exit']) {
    const { proved, why, lasting } = await proofOf(planted);
    assert.equal([proved, why, lasting], [false, "the proof's process gave no answer", true], planted);
  }
});

test('prove draws no lasting conclusion from what another time may be otherwise', async () => {
  const { proved, why, lasting } = await proofOf('failure');
  assert.equal([proved, why, lasting], [false, 'the proof failed: there is no room', false]);
  const stopped = await proofOf('interrupted');
  assert.equal([stopped.proved, stopped.lasting], [false, false]);
});

test.run();
