import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Precision } from '../../src/array/matrix.ts';
import { type AgreementCase, agreementCases, type Outcome } from '../support/agreement-cases.ts';
import { splitGroups } from '../support/split-group.ts';

// 1, 2, 3 and 4 processes agree, whatever is trained and however: all parts that there are. Of each case one number of
// processes, of every tenth the same number twice; with RHOHAT_ALL_ROWS=1 all of them, in two minutes.

const all = process.env.RHOHAT_ALL_ROWS === '1';

const LIMITS: Record<Precision, number> = { float64: 1e-12, float32: 1e-5 };

/** What `size` processes come to, which hold the same bits. */
async function on(size: number, { name, make }: AgreementCase): Promise<Outcome> {
  const ranks = await Promise.all(splitGroups(size).map((group) => make(group)));
  for (const { theta, cost } of ranks) {
    assert.is(cost, ranks[0].cost, `${name}: the cost on ${size}`);
    const at = theta.findIndex((value, i) => !Object.is(value, ranks[0].theta[i]));
    assert.is(at, -1, `${name}: parameter ${at} differs between processes, of ${size}`);
  }
  return ranks[0];
}

for (const precision of ['float64', 'float32'] as const) {
  test(`every objective, optimizer and rule: 1 to 4 processes agree, in ${precision}`, async () => {
    let count = 0;
    const far: string[] = [];
    for (const given of agreementCases(precision)) {
      const alone = await given.make();
      assert.ok(Number.isFinite(alone.cost), given.name);
      for (const size of all ? [1, 2, 3, 4] : [1 + (count % 4)]) {
        const { cost, theta } = await on(size, given);
        if (all || count % 10 === 0) {
          const again = await on(size, given);
          const at = theta.findIndex((value, i) => !Object.is(value, again.theta[i]));
          assert.is(at, -1, `${given.name}: parameter ${at} is another one in a second run on ${size}`);
        }
        const off = Math.abs(cost - alone.cost) / Math.abs(alone.cost);
        if (!(off <= LIMITS[precision])) far.push(`${given.name} on ${size}: ${off}`);
      }
      count++;
    }
    assert.ok(count > 250, `${count}`);
    assert.is(far.join('\n'), '');
  });
}

test.run();
