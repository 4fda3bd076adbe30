import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readKept } from '../../bench/results/kept.ts';
import { FOLDER } from '../../bench/results/results.ts';
import { allgather, allreduce, type Wire } from '../../bench/scaling/collectives.ts';
import { type Compute, features, fitted, type Work } from '../../bench/scaling/compute.ts';
import { drawCurves } from '../../bench/scaling/draw.ts';
import {
  communication,
  fastest,
  fits,
  messages,
  parameters,
  shareOfWork,
  speedUp,
  stateBytes,
  stepSeconds,
} from '../../bench/scaling/model.ts';
import { LINKS } from '../../bench/scaling/networks.ts';
import { simulate } from '../../bench/scaling/simulate.ts';
import { COUNTS, MEASURED, nameOf, WORKS } from '../../bench/scaling/works.ts';

/** Round numbers: a second a message, a byte a second, half a second to add a byte. */
const slow: Wire = { latency: 1, bandwidth: 1, adding: 0.5 };
const kl: Work = { kind: 'kl', inputs: 784, hidden: 1000, k: 0, batch: 1024 };
const topK: Work = { kind: 'top-k', inputs: 768, hidden: 16_384, k: 32, batch: 1024 };

test('allreduce: worked values of two, four and three processes', () => {
  assert.is(allreduce(1, 100, slow), 0);
  // Two: α + n(β + γ) = 1 + 150, or 2α + ½·100·(2 + ½) = 127: halving, and the ring is the same.
  assert.is(allreduce(2, 100, slow), 127);
  // Four: doubling 2·151 = 302; halving 4 + ¾·100·2.5 = 191.5; ring 6 + 187.5 = 193.5.
  assert.is(allreduce(4, 100, slow), 191.5);
  // Three: doubling 302; halving 2 + 250 + 2 + 125 = 379; ring 4 + ⅔·250 = 170.67.
  assert.ok(Math.abs(allreduce(3, 100, slow) - (4 + 500 / 3)) < 1e-9);
  // A short message is doubled: 10 rounds of 1 + 0.0015.
  assert.ok(Math.abs(allreduce(1024, 1e-3, slow) - 10.015) < 1e-9);
});

test('allreduce: grows with n, and never beats what must pass', () => {
  for (const p of [2, 3, 5, 8, 100, 1024]) {
    for (const n of [1, 1e3, 1e9]) {
      assert.ok(allreduce(p, 2 * n, slow) > allreduce(p, n, slow), `${p} ${n}`);
      assert.ok(allreduce(p, n, slow) >= (1 - 1e-12) * ((2 * (p - 1) * n) / p) || n === 1, `${p} ${n}`);
      assert.ok(allreduce(p, n, slow) >= Math.log2(p), `${p} ${n}`);
    }
  }
});

test('allgather: p − 1 times what each has', () => {
  assert.is(allgather(1, 100, slow), 0);
  assert.is(allgather(4, 100, slow), 2 + 300);
});

test('model: parameters, state, shares and messages', () => {
  assert.is(parameters(kl), 2 * 784 * 1000 + 1784);
  assert.is(stateBytes(kl), 12 * 1_569_784);
  assert.is(stateBytes(topK), 16 * parameters(topK));
  assert.is(shareOfWork(kl, 4, 'data').batch, 256);
  assert.equal(shareOfWork({ ...topK, auxiliary: 64 }, 4, 'latents'), { ...topK, hidden: 4096, k: 8, auxiliary: 16 });
  assert.equal(
    messages(kl, 'data').map(({ bytes }) => bytes),
    [4 * 1_569_784, 4000, 64],
  );
  assert.equal(
    messages(topK, 'data').map(({ kind }) => kind),
    ['sum', 'sum'],
  );
  assert.equal(messages(topK, 'latents'), [
    { kind: 'gather', bytes: 4 * 1024 * 32 },
    { kind: 'sum', bytes: 4 * 1024 * 768 },
    { kind: 'sum', bytes: 64 },
  ]);
  assert.is(messages({ ...topK, auxiliary: 64 }, 'latents')[2].bytes, 4 * 1024 * 64);
});

test('model: what fits in a process', () => {
  assert.ok(fits(kl, 1024, 'data') && !fits(kl, 1025, 'data'), 'a row each');
  const wide = { ...topK, hidden: 196_608 }; // 4.5 GiB with Adam
  assert.not(fits(wide, 1, 'latents'));
  assert.ok(fits(wide, 2, 'latents'));
  assert.not(fits(wide, 1000, 'data'), 'every process holds all of θ');
  assert.not(fits({ ...topK, hidden: 1024 }, 64, 'latents'), 'k latents each');
});

/** A second a row and latent: everything else is free. */
const perRowAndLatent: Compute = { seconds: ({ batch, hidden }) => batch * hidden, worst: 0 };
const free: Wire = { latency: 0, bandwidth: Number.POSITIVE_INFINITY, adding: 0 };

test('model: with a free network p processes are p times as fast, by rows and by latents', () => {
  for (const sharing of ['data', 'latents'] as const) {
    assert.is(communication(topK, 8, sharing, free), 0);
    assert.is(speedUp(topK, 8, sharing, free, perRowAndLatent), 8);
    assert.equal(fastest(topK, [1, 2, 4, 8], sharing, free, perRowAndLatent)?.p, 8);
  }
  assert.is(fastest({ ...topK, hidden: 1e7 }, [1, 2], 'latents', free, perRowAndLatent), null);
});

test('model: a step of two processes, by hand', () => {
  const wire: Wire = { latency: 10, bandwidth: 2, adding: 0 };
  const work: Work = { kind: 'top-k', inputs: 2, hidden: 4, k: 1, batch: 6 };
  // Latents: 6·2 of compute; a gather of 24 bytes, 10 + 12; a sum of 48 bytes, 10 + 24; the cost's 64 bytes, 10 + 32.
  assert.is(stepSeconds(work, 2, 'latents', wire, perRowAndLatent), 12 + 22 + 34 + 42);
  // Rows: 3·4; the gradient's 4·22 bytes, 10 + 44; the cost.
  assert.is(stepSeconds(work, 2, 'data', wire, perRowAndLatent), 12 + 54 + 42);
});

test('fit: recovers the coefficients of made-up times, and says how far it is off', () => {
  const c = [1e-3, 3e-9, 1e-9, 4e-11, 2e-9];
  const seconds = (work: Work) => features(work).reduce((sum, f, j) => sum + f * c[j], 0);
  const compute = fitted(MEASURED.map((work) => ({ ...work, seconds: seconds(work) })));
  assert.ok(compute.worst < 1e-3, String(compute.worst));
  const other = { ...kl, batch: 512 };
  assert.ok(Math.abs(compute.seconds(other) / seconds(other) - 1) < 0.01);
  const wrong = fitted([
    { ...kl, seconds: 1 },
    { ...kl, seconds: 3 },
  ]);
  assert.ok(Math.abs(wrong.seconds(kl) - 1.2) < 1e-6, 'relative errors: 1.2 is 20% from 1 and 60% from 3');
  assert.ok(Math.abs(wrong.worst - 0.6) < 1e-6);
  assert.throws(() => wrong.seconds(topK), /no step of top-k was timed/);
});

test('what is simulated: names and links differ, sources are said, and every network fits somewhere', () => {
  assert.is(new Set(MEASURED.map(nameOf)).size, MEASURED.length);
  assert.is(new Set(LINKS.map(({ name }) => name)).size, LINKS.length);
  for (const { bandwidth, source } of LINKS) assert.ok(source.length > 20 && bandwidth > 1e8);
  for (const { work, sharing } of WORKS)
    assert.ok(
      COUNTS.some((p) => fits(work, p, sharing)),
      nameOf(work),
    );
  assert.is(COUNTS[COUNTS.length - 1], 1024);
});

test('simulation: a row a network and way of sharing, a column a link, and a picture of all', () => {
  const median = ({ batch, inputs, hidden }: Work) => 1 + 1e-7 * batch * inputs * hidden;
  const steps = MEASURED.map((work) => ({ work, median: median(work) }));
  const { report, curves } = simulate({ records: [...steps, { bytes: 1e9, median: 100 }] });
  assert.is(report.rows.length, WORKS.length);
  for (const row of report.rows) {
    assert.is(row.length, report.columns.length);
    for (const cell of row.slice(2)) assert.match(cell, /^[\d.]+ (µs|ms|s) on [\d,]+ \([\d.]+×\)$/);
  }
  assert.is(curves.length, WORKS.length * LINKS.length);
  const worst = curves.filter(({ link }) => link === LINKS[0].name);
  const best = curves.filter(({ link }) => link === 'InfiniBand HDR');
  worst.forEach(({ points }, i) => {
    for (const [j, { seconds }] of points.entries()) assert.ok(best[i].points[j].seconds <= seconds);
  });
  const svg = drawCurves(curves);
  assert.ok(svg.startsWith('<svg') && LINKS.every(({ name }) => svg.includes(name)));
  assert.throws(() => simulate({ records: steps }), /measure first/);
});

test('guide: its rows are those of the simulation that is kept', () => {
  const [{ report }] = readKept(FOLDER, 'machines');
  const [, section] = readFileSync('docs/guides/many-machines.md', 'utf8').split('### Simulated');
  const [columns, , ...rows] = [...section.matchAll(/^\|(.*)\|$/gm)].map(([, cells]) =>
    cells.split('|').map((cell) => cell.trim()),
  );
  assert.is(rows.length, WORKS.length);
  rows.forEach((cells, i) => {
    cells.forEach((cell, j) => {
      assert.is(cell, report.rows[i][report.columns.indexOf(columns[j])], `${cells[0]}, ${columns[j]}`);
    });
  });
});

test.run();
