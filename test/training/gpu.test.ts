import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { agreementCases } from '../support/agreement-cases.ts';
import { gpuKernels } from '../support/gpu.ts';

// Every objective, optimizer and rule from the tables of parts, on a GPU beside the processor: of each eighth case, all of
// them with RHOHAT_ALL_ROWS=1.

const EVERY = process.env.RHOHAT_ALL_ROWS === '1' ? 1 : 8;
/** Of the cost after 50 steps, or five iterations over the whole set. */
const LIMIT = 1e-4;
const there = (await gpuKernels()) !== null;

(there ? test : test.skip)(
  'training on a GPU comes to the cost of the processor, and a second run to the same bits',
  async () => {
    const far: string[] = [];
    const here = [...agreementCases('float32')];
    const gpu = [...agreementCases('float32', { kernels: 'webgpu' })];
    assert.ok(here.length > 250);
    for (let n = 0; n < here.length; n += EVERY) {
      const { cost } = await here[n].make();
      const late = await gpu[n].make();
      const off = Math.abs(late.cost - cost) / Math.abs(cost);
      if (!(off <= LIMIT)) far.push(`${here[n].name}: ${late.cost} for ${cost}`);
      if (n % (4 * EVERY) !== 0) continue;
      const again = await gpu[n].make();
      const at = late.theta.findIndex((value, i) => !Object.is(value, again.theta[i]));
      assert.is(at, -1, `${here[n].name}: parameter ${at} is another one in a second run`);
    }
    assert.is(far.join('\n'), '');
  },
);

test.run();
