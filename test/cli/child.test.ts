import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { begin, type Ended, ran, signalOf } from '../../src/cli/child.ts';

/** How a process of such a program ends, and the lines that it wrote. */
async function ends(program: string, heard = true): Promise<{ ended: Ended; lines: string[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'rhohat-child-'));
  const own = process.argv[1];
  const lines: string[] = [];
  try {
    process.argv[1] = join(folder, 'program.mjs'); // which `begin` begins once more
    await writeFile(process.argv[1], program);
    const child = begin(['one', '--two'], heard ? (line) => lines.push(line) : undefined);
    return { ended: await ran(child, new AbortController().signal), lines };
  } finally {
    process.argv[1] = own;
    await rm(folder, { recursive: true });
  }
}

test('child: an error that nobody caught is named by its own line, not by the stack or version that follow', async () => {
  const deep = 'function f() { throw new TypeError("no such column") }\nf();';
  assert.is((await ends(deep)).ended.says, 'TypeError: no such column');
  const caused = 'throw new Error("cannot write", { cause: new RangeError("the disk") });';
  assert.is((await ends(caused)).ended.says, 'Error: cannot write');
  const { ended } = await ends(`console.error('Error: one that was told and mended');\n${deep}`);
  assert.is(ended.says, 'TypeError: no such column');
  assert.is(ended.status, 1);
  assert.is(signalOf(ended), null);
});

test('child: it says its last line, without the name of the program, whether its lines are heard or not', async () => {
  const program =
    'console.log(process.argv.slice(2).join());\nconsole.error("first\\nrhohat: x is 3\\n");\nprocess.exitCode = 2;';
  for (const heard of [true, false]) {
    const { ended, lines } = await ends(program, heard);
    assert.equal(ended, { status: 2, signal: null, says: 'x is 3' });
    assert.equal([...lines].sort(), heard ? ['', 'first', 'one,--two', 'rhohat: x is 3'] : []);
  }
});

test('child: which signal ended it, itself or after it had saved', async () => {
  assert.is(signalOf((await ends('process.kill(process.pid, "SIGKILL");\nsetInterval(() => 0, 9);')).ended), 'SIGKILL');
  assert.is(signalOf((await ends('process.exitCode = 130;')).ended), 'signal 2');
  assert.is(signalOf((await ends('')).ended), null);
});

test.run();
