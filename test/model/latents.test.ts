import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import type { Group } from '../../src/model/group.ts';
import { assertNear, joined, sharedConfigs } from '../support/shared-latents.ts';
import { splitGroups } from '../support/split-group.ts';
import { randomView } from '../support/views.ts';

// A model whose latents 2 and 3 processes share is the whole one to rounding: codes, reconstructions, cost and gradient.

const [D, H, M] = [9, 21, 13];
const x = randomView(M, D, 'rows', 'float64', 3);

const fullOf = (config: Partial<AutoencoderConfig>): AutoencoderConfig => ({
  ...{ inputs: D, hidden: H, precision: 'float64', seed: 5 },
  ...config,
});

test('a shared model begins as the same rows of the whole one', async () => {
  for (const [name, config] of Object.entries(sharedConfigs)) {
    const whole = joined([(await (await Autoencoder.create(fullOf(config))).parameters()) as never]);
    for (const size of [1, 2, 3, 21]) {
      const parts = splitGroups(size).map(async (latents) =>
        (await Autoencoder.create(fullOf(config), { latents })).parameters(),
      );
      assertNear(joined((await Promise.all(parts)) as never), whole, Number.MIN_VALUE, `${name} on ${size}`);
    }
  }
});

test('cost, terms and gradient of a shared model are those of the whole one', async () => {
  const target = randomView(M, 4, 'rows', 'float64', 8);
  for (const [name, config] of Object.entries(sharedConfigs)) {
    const of = async (latents?: Group) => {
      const model = await Autoencoder.create(fullOf(config), { latents });
      const { gradientNorm } = await model.engine.costAndGradient(
        model.input(x, 'x'),
        model.target(config.targets ? target : undefined, x),
      );
      return { ...(await model.costAndGradient(x, config.targets ? { target } : {})), gradientNorm };
    };
    const whole = await of();
    for (const size of [1, 2, 3]) {
      const parts = await Promise.all(splitGroups(size).map(of));
      for (const { cost, terms, gradientNorm } of parts) {
        assert.ok(
          Math.abs(cost - whole.cost) <= 1e-12 * whole.cost,
          `cost of ${name} on ${size}: ${cost}, ${whole.cost}`,
        );
        for (const [term, value] of Object.entries(whole.terms))
          assert.ok(Math.abs(terms[term as 'sparsity'] - value) <= 1e-12 * whole.cost, `${term} of ${name} on ${size}`);
        assert.ok(Math.abs(gradientNorm - whole.gradientNorm) <= 1e-12 * whole.gradientNorm, `‖g‖ of ${name}`);
      }
      assertNear(
        joined(parts.map(({ gradient }) => gradient as never)),
        joined([whole.gradient as never]),
        1e-12,
        name,
      );
    }
  }
});

test.run();
