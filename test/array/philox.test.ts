import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { philox4x32 } from '../../src/array/philox.ts';

type Four = readonly [number, number, number, number];

/** philox4x32 10 in Random123's kat_vectors: counter, key, output. */
const knownAnswers: readonly { counter: Four; key: readonly [number, number]; answer: Four }[] = [
  { counter: [0, 0, 0, 0], key: [0, 0], answer: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8] },
  {
    counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    key: [0xffffffff, 0xffffffff],
    answer: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  },
  {
    counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    key: [0xa4093822, 0x299f31d0],
    answer: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  },
];

function block(counter: Four, key: readonly [number, number]): number[] {
  const out = new Uint32Array(4);
  philox4x32(out, ...counter, ...key);
  return [...out];
}

test('philox4x32 gives the known answers of Random123', () => {
  for (const { counter, key, answer } of knownAnswers) assert.equal(block(counter, key), [...answer]);
});

test('philox4x32 reads signed and unsigned words alike', () => {
  const { counter, key, answer } = knownAnswers[2];
  const [c0, c1, c2, c3] = counter.map((word) => word | 0);
  assert.equal(block([c0, c1, c2, c3], [key[0] | 0, key[1] | 0]), [...answer]);
});

test('philox4x32 agrees with the round written in 64-bit integers', () => {
  const mask = 0xffffffffn;
  for (let trial = 0; trial < 200; trial++) {
    const word = (i: number) => Math.imul(trial * 7 + i + 1, 0x9e3779b1) >>> 0;
    const counter: Four = [word(0), word(1), word(2), word(3)];
    let [c0, c1, c2, c3] = counter.map(BigInt);
    let k0 = BigInt(word(4));
    let k1 = BigInt(word(5));
    for (let round = 0; round < 10; round++) {
      const p0 = 0xd2511f53n * c0;
      const p1 = 0xcd9e8d57n * c2;
      [c0, c1, c2, c3] = [(p1 >> 32n) ^ c1 ^ k0, p1 & mask, (p0 >> 32n) ^ c3 ^ k1, p0 & mask];
      k0 = (k0 + 0x9e3779b9n) & mask;
      k1 = (k1 + 0xbb67ae85n) & mask;
    }
    assert.equal(block(counter, [word(4), word(5)]), [c0, c1, c2, c3].map(Number));
  }
});

test('philox4x32 changes about half of the bits when one bit of counter or key changes', () => {
  const base = [3, 1, 4, 1, 5, 9];
  const draw = (w: number[]) => block([w[0], w[1], w[2], w[3]], [w[4], w[5]]);
  const reference = draw(base);
  for (let word = 0; word < 6; word++) {
    for (let bit = 0; bit < 32; bit++) {
      const changed = draw(base.map((value, i) => (i === word ? value ^ (1 << bit) : value)));
      let flipped = 0;
      changed.forEach((value, i) => {
        for (let difference = (value ^ reference[i]) >>> 0; difference > 0; difference >>>= 1)
          flipped += difference & 1;
      });
      // 128 fair coins: 64 with deviation 5.7; five deviations either way.
      assert.ok(Math.abs(flipped - 64) < 29, `word ${word}, bit ${bit}: ${flipped} bits changed`);
    }
  }
});

test.run();
