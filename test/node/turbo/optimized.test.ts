import { execFileSync } from 'node:child_process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { newerNode } from '../../support/newer-node.ts';
import { programNamed } from './planted-program.ts';

const node = newerNode(24);
if (node === null) process.stderr.write('optimized kernels: skipped, there is no Node 24; NODE24=path names one\n');

(node === null ? test.skip : test)(
  'what the proof compares is code of the optimizing compiler, every kernel of it',
  async () => {
    const program = await programNamed('optimized');
    const { all, left } = JSON.parse(execFileSync(node ?? '', [program], { encoding: 'utf8' }));
    assert.ok(all > 40);
    assert.equal(left, []);
  },
);

test.run();
