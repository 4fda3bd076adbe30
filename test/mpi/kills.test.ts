import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { inScratch } from '../cli/command.ts';
import { killedRuns, killRuns, underMpi } from '../support/kills.ts';
import { testUnderMpi } from '../support/mpirun.ts';

testUnderMpi('any process killed at any moment and resumed ends in the bits of a run left alone', async (launcher) => {
  await inScratch(async (folder) => {
    const args = killedRuns['sgd, denoising'];
    const { kills, finished } = await killRuns(join(folder, 'runs'), args, 3, 5, underMpi(launcher, 2));
    assert.is(kills, 3);
    assert.ok(finished >= 1);
  });
});

test.run();
