import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readSaelensConfig } from '../../src/dictionaries/formats/saelens-config.ts';
import { loadDictionary } from '../../src/dictionaries/index.ts';
import { dataFolder } from '../data/refused.ts';
import { assertRefused } from '../support/errors.ts';

const folder = dataFolder === undefined ? null : join(dataFolder, 'dictionaries/saelens-6-configs');

if (folder === null) test.skip('configs of SAELens 3 to 6: RHOHAT_DATA names no folder');
else {
  const said: Record<
    string,
    [architecture: string, inputs: number, latents: number, preBias: boolean, normalize: string]
  > = {
    'standard-6.38.0.cfg.json': ['standard', 1024, 8192, true, 'none'],
    'standard-6.44.2.cfg.json': ['standard', 768, 6144, true, 'none'],
    'standard-6.44.2.runner_cfg.json': ['standard', 768, 6144, true, 'expected_average_only_in'],
    'training-3.x.cfg.json': ['standard', 128, 128, false, 'none'],
  };
  for (const name of readdirSync(folder)) {
    test(`${name} is understood, or refused by name`, async () => {
      const bytes = new Uint8Array(readFileSync(join(folder, name)));
      const given = Object.hasOwn(said, name) ? said[name] : null;
      const json = JSON.parse(new TextDecoder().decode(bytes));
      if (given !== null) {
        const { architecture, inputs, latents, preBias, normalize } = readSaelensConfig(json);
        assert.equal([architecture, inputs, latents, preBias, normalize], given);
        const alone = new RegExp(`SAELens, ${given[0]}, ${given[1]} inputs, ${given[2]} units; put sae_weights`);
        await assertRefused(() => loadDictionary({ [name]: bytes }), alone);
      } else if (name.startsWith('unknown')) {
        await assertRefused(
          () => loadDictionary({ [name]: bytes }),
          /architecture is "context_sae": read are standard/,
        );
      } else {
        const alone = /dictionary_learning, AutoEncoder, 128 inputs, 2048 units; put ae.pt beside it/;
        await assertRefused(() => loadDictionary({ [name]: bytes }), alone);
      }
    });
  }
}

test('flat configs before 6: other names, defaults, TopK by its activation', () => {
  const old = readSaelensConfig({ d_in: 4, d_sae: 8, hook_point: 'blocks.0.attn.hook_z', normalize_activations: true });
  assert.is(old.architecture, 'standard');
  assert.is(old.preBias, true);
  assert.is(old.hookZ, true);
  assert.is(old.normalize, 'expected_average_only_in');
  const topK = readSaelensConfig({ activation_fn: 'topk', activation_fn_kwargs: { k: 3 }, architecture: 'standard' });
  assert.is(topK.units, 'top-k');
  assert.is(topK.k, 3);
});

test.run();
