import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assertClose } from '../support/close.ts';
import { drawn, eachGround, eachKind, type Ground, listOf, rowsOf, total } from './dictionary-ground.ts';

// Gated units against naive loops.

const ODD = 11;

function drawnUnits({ given, vector }: Ground, rows: number, columns: number) {
  const draw = drawn(rows, columns, 3);
  const z = given(rows, columns, (i, j) => ((i + j) % 5 === 0 ? 0 : draw(i, j))); // a gate of 0 is closed
  const random = drawn(3, columns, 4);
  const gate = {
    gateBias: vector(columns, (j) => random(0, j)),
    magnitudeBias: vector(columns, (j) => random(1, j)),
    scale: vector(columns, (j) => random(2, j)),
  };
  const u = (i: number, j: number) => z.get(i, j) - gate.gateBias.get(j);
  const gain = (j: number) => Math.exp(gate.scale.get(j));
  const magnitude = (i: number, j: number) => gain(j) * u(i, j) + gate.magnitudeBias.get(j);
  const active = (i: number, j: number) => z.get(i, j) > 0 && magnitude(i, j) > 0;
  return { z, gate, u, gain, magnitude, active };
}

test('gatedActivation is [z > 0]·relu(eʳ(z − b_gate) + b_mag)', async () => {
  await eachGround((ground, rows, columns) => {
    const { z, gate, magnitude, active } = drawnUnits(ground, rows, columns);
    const a = ground.out(rows, columns, () => Number.NaN);
    ground.k.gatedActivation(a, z, gate);
    const expected = rowsOf(z).flatMap((row, i) => row.map((_, j) => (active(i, j) ? magnitude(i, j) : 0)));
    assertClose(a, expected, { rtol: 4 * ground.roundoff, atol: 8 * ground.roundoff });
    assert.equal(
      rowsOf(a)
        .flat()
        .map((value) => value !== 0),
      expected.map((value) => value !== 0),
    );
  });
});

test('gatedActivation lets a NaN of the gate or of the magnitude show, unless the gate is closed', async () => {
  await eachKind(({ k, out, given, vector }) => {
    const a = out(1, 3, () => 0);
    const zero = vector(3, () => 0);
    const gate = { gateBias: zero, magnitudeBias: vector(3, (j) => [0, Number.NaN, Number.NaN][j]), scale: zero };
    k.gatedActivation(
      a,
      given(1, 3, (_, j) => [Number.NaN, 1, -1][j]),
      gate,
    );
    assert.equal(rowsOf(a)[0].map(Number.isNaN), [true, true, false]);
  });
});

test('gatedDelta: δ = dGate + eʳμ with μ where a > 0 alone, and what the biases and the scale gain', async () => {
  await eachGround((ground, rows, columns) => {
    const { k, out, given, vector, roundoff } = ground;
    const { z, gate, u, gain, magnitude, active } = drawnUnits(ground, rows, columns);
    const a = given(rows, columns, (i, j) => (active(i, j) ? magnitude(i, j) : 0));
    const [dA, own] = [
      rowsOf(given(rows, columns, drawn(rows, columns, 5))),
      given(rows, columns, drawn(rows, columns, 6)),
    ];
    const delta = out(rows, columns, (i, j) => dA[i][j]);
    const [dGateBias, dMagnitudeBias, dScale] = [1, 2, 3].map((n) => vector(columns, (j) => (n * j) / 8));
    k.gatedDelta(delta, own, { dGateBias, dMagnitudeBias, dScale }, a, z, gate, ODD);
    const mu = (i: number, j: number) => (a.get(i, j) > 0 ? dA[i][j] : 0);
    const expected = dA.flatMap((row, i) => row.map((_, j) => own.get(i, j) + gain(j) * mu(i, j)));
    const close = { rtol: 8 * roundoff, atol: 16 * roundoff };
    assertClose(delta, expected, close);
    const gained = (n: number, value: (i: number, j: number) => number) =>
      Array.from({ length: columns }, (_, j) => (n * j) / 8 + total(dA.map((_row, i) => value(i, j))) / ODD);
    assertClose(
      listOf(dGateBias),
      gained(1, (i, j) => own.get(i, j)),
      close,
    );
    assertClose(listOf(dMagnitudeBias), gained(2, mu), close);
    assertClose(
      listOf(dScale),
      gained(3, (i, j) => mu(i, j) * gain(j) * u(i, j)),
      close,
    );
  });
});

test('maskPositive keeps x where z > 0; out may be x', async () => {
  await eachGround(({ k, out, given }, rows, columns) => {
    const draw = drawn(rows, columns, 7);
    const x = given(rows, columns, drawn(rows, columns, 8));
    const z = given(rows, columns, (i, j) => ((i + j) % 3 === 0 ? 0 : draw(i, j)));
    const expected = rowsOf(x).map((row, i) => row.map((value, j) => (z.get(i, j) > 0 ? value : 0)));
    const masked = out(rows, columns, () => Number.NaN);
    k.maskPositive(masked, x, z);
    assert.equal(rowsOf(masked), expected);
    k.maskPositive(x, x, z);
    assert.equal(rowsOf(x), expected);
  });
});

test.run();
