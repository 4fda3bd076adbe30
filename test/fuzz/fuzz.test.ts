import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { InputError } from '../../src/errors.ts';
import { allTargets } from './files.ts';
import { fuzz, whole } from './fuzz.ts';

const { targets, remove } = await allTargets();
const INPUTS = 1000; // npm run fuzz takes 20,000

for (const target of targets) {
  test(`fuzz: ${target.name} gives a right value or one clear line for ${INPUTS} mutated files`, async () => {
    for (const seed of target.seeds) {
      const bytes = target.assemble(seed);
      if (target.name !== 'files by name') await target.check(await target.read(bytes), bytes); // the seeds are valid
    }
    const { accepted, refused } = await fuzz(target, INPUTS, 7);
    assert.is(accepted + refused, INPUTS);
    assert.ok(accepted > 0 && refused > 0, `${accepted} accepted, ${refused} refused`);
  });
}

test('fuzz: what must be caught is caught', async () => {
  const seeds = [Uint8Array.of(1, 2, 3, 4)];
  const read = (bytes: Uint8Array) => bytes;
  const check = () => {};
  const caught = async (part: object, message: RegExp) => {
    const target = whole({ name: 'planted', seeds, read, check, ...part });
    const error = await fuzz(target, 5, 1).then(
      () => null,
      (thrown) => thrown,
    );
    assert.match(String(error), message);
  };
  const throwing = (error: unknown) => () => {
    throw error;
  };
  await caught({ read: throwing(new TypeError('x')) }, /input 0: TypeError/);
  await caught({ read: throwing(new InputError('short')) }, /the message: short/);
  await caught({ check: throwing(new Error('not so')) }, /a wrong value: Error: not so/);
  await caught({ read: () => new Uint8Array(2 ** 28) }, /memory grew by/);
  await caught({ read: () => new Promise((done) => setTimeout(done, 1100)) }, /it took/);
});

test.after(remove);
test.run();
