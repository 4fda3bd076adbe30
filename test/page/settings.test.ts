import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { controls, holds, positionOf, positionsOf, valueAt } from '../../src/page/playground/controls.ts';
import { modelKinds, modelNames } from '../../src/page/playground/model-kinds.ts';
import { addressOf, controlNamed, settingsOf, startOf } from '../../src/page/playground/settings.ts';

for (const control of controls) {
  test(`settings: every position of ${control.name} is in its range, and is found again`, () => {
    const last = positionsOf(control);
    for (let position = 0; position <= last; position++) {
      const value = valueAt(control, position);
      assert.ok(holds(control, value), `${value}`);
      assert.is(valueAt(control, positionOf(control, value)), value);
    }
    assert.is(valueAt(control, last), control.most);
  });
}

for (const model of modelNames) {
  test(`settings: a link to ${model} with every slider at an end leads back to it`, () => {
    for (const end of ['least', 'most'] as const) {
      const start = startOf(model);
      const ends = modelKinds[model].controls.map((name) => [name, controlNamed(name)[end]]);
      const address = addressOf({ ...start, values: { ...start.values, ...Object.fromEntries(ends) } });
      const { settings, wrong } = settingsOf(`#${address}`);
      assert.equal(wrong, []);
      assert.is(addressOf(settings), address);
    }
  });
}

test.run();
