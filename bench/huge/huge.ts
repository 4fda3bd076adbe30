import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { matrix, type TypedNumbers } from '../../src/array/matrix.ts';
import { median } from '../../src/array/quantile.ts';
import { writeNpy } from '../../src/data/formats/npy.ts';
import { writeNumbers } from '../../src/data/formats/number-bytes.ts';
import { blockRows, sourceRange } from '../../src/data/index.ts';
import { Autoencoder, type FitResult, fit } from '../../src/index.ts';
import { openShards } from '../../src/node/index.ts';
import { given, publish } from '../harness/publish.ts';

// Data larger than memory: generates a folder of shards, trains one epoch on it from the command line, and compares
// with as many of its rows as are kept in memory. npm run bench:huge -- [gigabytes = 4] [f32 | u8]
// Peak memory is VmHWM of Linux: maxRSS would count the process that started it. What the system caches is no part of it.

const D = 784;
const MODEL = ['--hidden', '256', '--optimizer', 'sgd', '--learning-rate', '0.05', '--batch-size', '100', '--json'];

/** Values in [0, 1], others in every shard. */
function values(rows: number, bytes: boolean, seed: number): TypedNumbers {
  const out = bytes ? new Uint8Array(rows * D) : new Float32Array(rows * D);
  for (let i = 0, state = seed + 1; i < out.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    out[i] = bytes ? state >>> 24 : (state >>> 8) / 2 ** 24;
  }
  return out;
}

/** Shards of uneven sizes; returns how many rows they have. */
function generate(folder: string, total: number, bytes: boolean): number {
  const rowBytes = D * (bytes ? 1 : 4);
  let rows = 0;
  for (let shard = 0; rows * rowBytes < total; shard++) {
    const count = Math.floor((2 ** 27 * (1 + (shard % 3))) / rowBytes);
    const data = values(count, bytes, shard);
    const name = join(folder, `part-${String(shard).padStart(3, '0')}`);
    if (data instanceof Float32Array) writeFileSync(`${name}.npy`, writeNpy(matrix(data, count, D)));
    else {
      const raw = new Uint8Array(data.length);
      writeNumbers(raw, 0, data);
      writeFileSync(`${name}.u8`, raw);
      writeFileSync(`${name}.json`, JSON.stringify({ dtype: 'uint8', shape: [count, D] }));
    }
    rows += count;
  }
  return rows;
}

interface Outcome {
  /** MB. */
  readonly peak: number;
  /** Examples a second. */
  readonly rate: number;
  readonly cells: readonly string[];
}

function train(folder: string, out: string, more: readonly string[]): Outcome {
  const atExit =
    "import { readFileSync } from 'node:fs'; process.on('exit', () => console.error(readFileSync('/proc/self/status', 'utf8')))";
  const args = [
    '--import',
    `data:text/javascript,${encodeURIComponent(atExit)}`,
    'dist/cli/main.js',
    'train',
    folder,
    ...MODEL,
  ];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...args, '--out', out, ...more], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(stderr);
  const { examples, seconds, last, kernels, threads } = JSON.parse(stdout);
  const rate = Math.round((examples * last.epoch) / seconds);
  const peak = Number(/VmHWM:\s+(\d+)/.exec(stderr)?.[1]) / 1024;
  const cells = [`${examples} × ${last.epoch}`, `${seconds.toFixed(1)} s`, `${rate}`, `${Math.round(peak)} MB`];
  return { peak, rate, cells: [...cells, last.cost.toFixed(4), `${kernels}, ${threads} threads`] };
}

/**
 * An epoch over five blocks of rows, from memory and from files in turn, as other work on the machine slows both; each
 * pair must end in the same cost. Returns the median of the pairs' ratios, files over memory, in examples per second.
 */
async function inTurn(folder: string, rounds: number): Promise<number> {
  const source = await openShards(folder, 'float32');
  if (source === undefined) throw new Error('no shards');
  const rows = 5 * blockRows(...source.shape);
  const part = sourceRange(source, 0, rows);
  const kept = await part.read(0, rows);
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const results: (FitResult & { readonly cpu: number })[] = [];
    for (const x of [kept, part]) {
      const model = await Autoencoder.create({
        inputs: D,
        hidden: 256,
        sparsity: { kind: 'kl', target: 0.05, weight: 3 },
      });
      const begun = process.cpuUsage();
      const result = await fit(model, x, {
        optimizer: { kind: 'sgd', learningRate: 0.05 },
        epochs: 1,
        batchSize: 100,
      });
      const { user, system } = process.cpuUsage(begun);
      results.push({ ...result, cpu: (user + system) / rows });
      model.dispose();
    }
    const [memory, files] = results;
    if (memory.cost !== files.cost) throw new Error(`costs differ: ${memory.cost}, ${files.cost}`);
    ratios.push(memory.seconds / files.seconds);
    const told = [memory, files].map(
      ({ seconds, cpu }) => `${Math.round(rows / seconds)} (${cpu.toFixed(1)} µs of CPU)`,
    );
    console.log(`in turn    memory ${told[0]}, files ${told[1]} examples/s`);
  }
  return median(ratios);
}

const [size = '4', type = 'f32'] = given().args;
const total = Number(size) * 2 ** 30;
const root = mkdtempSync(join(tmpdir(), 'rhohat-huge-'));
try {
  const { bavail, bsize } = statfsSync(root);
  if (!(bavail * bsize > 1.2 * total))
    throw new Error(`${root}: ${size} GiB and a fifth are needed, ${bavail * bsize} bytes are free`);
  const folder = join(root, 'shards');
  mkdirSync(folder);
  const rows = generate(folder, total, type === 'u8');
  const kept = Math.min(rows, Math.floor(2 ** 26 / D));
  const memory = train(folder, join(root, 'a'), ['--limit', String(kept), '--epochs', '3']);
  const blocks = train(folder, join(root, 'b'), ['--epochs', '1']);
  const ratio = await inTurn(folder, 7);
  publish('bench:huge', 'huge', {
    title: `${rows} rows of ${D} ${type}, ${size} GiB, in blocks of ${blockRows(rows, D)}`,
    checked: 'training in turn from memory and from files ends in the same cost, to the bit',
    columns: ['rows lie', 'examples × epochs', 'time', 'examples a second', 'peak memory', 'cost', 'kernels'],
    rows: [
      ['in memory', ...memory.cells],
      ['in files', ...blocks.cells],
    ],
    records: [
      { row: 'in memory', peak: memory.peak, rate: memory.rate },
      { row: 'in files', peak: blocks.peak, rate: blocks.rate, ratio },
    ],
    notes: [
      `in turn, files over memory in examples a second: ${ratio.toFixed(3)}; at least 0.8, and a peak below 600 MB`,
    ],
  });
  process.exitCode = ratio >= 0.8 && blocks.peak < 600 ? 0 : 1;
} finally {
  rmSync(root, { recursive: true, force: true });
}
