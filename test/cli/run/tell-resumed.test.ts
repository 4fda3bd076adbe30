import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { tellResumed } from '../../../src/cli/run/tell-resumed.ts';
import type { FoundCheckpoint } from '../../../src/node/checkpoint-file.ts';

type Resumed = Parameters<typeof tellResumed>;

/** What is said on stderr of a checkpoint that `kernels` left, resumed by others. */
function said(kernels: string, own: Resumed[1], before: Resumed[2]): string {
  const found = { checkpoint: { kernels, position: { step: 3 } }, path: 'run', note: null };
  const { write } = process.stderr;
  let text = '';
  process.stderr.write = ((piece: string) => {
    text += piece;
    return true;
  }) as typeof write;
  try {
    tellResumed(found as FoundCheckpoint, own, before);
  } finally {
    process.stderr.write = write;
  }
  return text;
}

const paper = { vendor: 'acme', architecture: 'paper', description: '' };
const one = { processes: [1, 1] } as const;

test('a resumed run says where its bits are no longer those of an uninterrupted one', () => {
  assert.is(said('simd-wide', { kernels: 'simd-relaxed', adapter: null }, one), '');
  assert.match(said('webgpu', { kernels: 'simd', adapter: null }, one), /was on webgpu kernels and goes on with simd/);
  assert.match(said('simd', { kernels: 'webgpu', adapter: paper }, one), /was on simd kernels and goes on with webgpu/);
  const same = { ...one, adapter: 'acme paper' };
  assert.is(said('webgpu', { kernels: 'webgpu', adapter: paper }, same), '');
  const other = { ...one, adapter: 'acme stone' };
  const told = said('webgpu', { kernels: 'webgpu', adapter: paper }, other);
  assert.match(told, /the run began on acme stone and goes on with acme paper: its last digits may differ/);
  assert.match(said('simd', { kernels: 'simd', adapter: null }, { processes: [2, 1] }), /was of 2 processes .* with 1/);
});

test.run();
