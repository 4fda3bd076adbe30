import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { controls, holds, positionOf, positionsOf, valueAt } from '../../src/page/playground/controls.ts';
import { literal } from '../../src/page/playground/literal.ts';
import { modelKinds, modelNames } from '../../src/page/playground/model-kinds.ts';
import { addressOf, dataNames, settingsOf, startOf } from '../../src/page/playground/settings.ts';
import { settingsOfModel } from '../../src/page/playground/settings-of-model.ts';

test('controls: every position gives a value in range, which leads back to it', () => {
  for (const control of controls) {
    for (let position = 0; position <= positionsOf(control); position++) {
      const value = valueAt(control, position);
      assert.ok(holds(control, value), `${control.name}: ${value}`);
      assert.is(positionOf(control, value), position, `${control.name}: ${value}`);
    }
    assert.is(valueAt(control, positionsOf(control)), control.most);
  }
});

test('settings: an address of any sliders leads back to them', () => {
  const positions = fc.array(fc.nat(), { minLength: controls.length, maxLength: controls.length });
  fc.assert(
    fc.property(
      fc.constantFrom(...modelNames),
      fc.constantFrom(...dataNames),
      fc.maxSafeNat(),
      fc.boolean(),
      positions,
      (model, data, seed, whiten, at) => {
        const start = startOf(model, data, seed);
        const values = { ...start.values };
        for (const [i, control] of controls.entries()) {
          if (modelKinds[model].controls.includes(control.name))
            values[control.name] = valueAt(control, at[i] % (positionsOf(control) + 1));
        }
        const hasPatches = data === 'dead-leaves' || data === 'own';
        const settings = { ...start, values, whiten: hasPatches ? whiten : start.whiten };
        assert.equal(settingsOf(`#${addressOf(settings)}`), { settings, wrong: [] });
      },
    ),
  );
});

test('settings: whatever an address holds, there are settings that can be trained', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      for (const text of [
        a,
        `model=${a}&rho=${b}`,
        `model=k-sparse&units=${a}&k=${b}&seed=${a}&whiten=${b}`,
        `rho=&units=4.5&k=-1`,
      ]) {
        const { settings } = settingsOf(text);
        for (const name of modelKinds[settings.model].controls) {
          const control = controls.find((one) => one.name === name);
          assert.ok(control && holds(control, settings.values[name]));
        }
      }
    }),
  );
});

test('settings: no address at all is KL on dead leaves', () => {
  assert.equal(settingsOf(''), { settings: startOf('kl'), wrong: [] });
});

for (const name of modelNames) {
  test(`settings: a model of ${name} leads back to its sliders`, async () => {
    const start = startOf(name, 'dead-leaves', 7);
    const model = await Autoencoder.create({ inputs: 64, ...modelKinds[name].config(start.values), seed: 7 });
    const found = settingsOfModel(model.config, startOf('kl'));
    model.dispose();
    assert.is(found?.model, name);
    const own = modelKinds[name].controls.filter((control) => control !== 'rate'); // the model does not know of it
    for (const control of own) assert.is(found?.values[control], start.values[control], control);
    assert.is(found?.seed, 7);
  });
}

test('literal: what it writes means the same', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      const back = new Function(`return (${literal(value)});`)();
      assert.is(JSON.stringify(back), JSON.stringify(value === 0 ? 0 : value));
    }),
    { examples: [[{ "it's": `\`$\{1}\`</script>\n"\\` }]] },
  );
});

test.run();
