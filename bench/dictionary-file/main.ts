import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { safetensorsHead } from '../../src/data/formats/safetensors-head.ts';
import { publish } from '../harness/publish.ts';

// A dictionary of 3,072 → 16,384 in SAELens' layout, 403 MB, whose encoder has to be turned: peak of resident memory above an idle
// process, and time; beside Python, which reads the same bytes. `--small` makes it 1/64 of that.

const small = process.argv.includes('--small');
const [d, h] = small ? [384, 2048] : [3072, 16_384];
const folder = mkdtempSync(join(tmpdir(), 'rhohat-dictionary-'));
try {
  const path = join(folder, 'sae_weights.safetensors');
  writeDictionary(path);
  const size = statSync(path).size / 2 ** 20;
  const limit = 1.2 * size + 64;
  const rows: string[][] = [];
  const records: Record<string, unknown>[] = [];
  const load = (what: string, given: string) => {
    const runs = Array.from({ length: 3 }, () =>
      JSON.parse(execFileSync(process.execPath, ['bench/dictionary-file/load.mjs', what, given], { encoding: 'utf8' })),
    );
    const above = Math.max(...runs.map((run) => run.above));
    const seconds = runs.map((run) => run.seconds).sort((a, b) => a - b)[1];
    rows.push([what, `${above.toFixed(0)} MiB`, `${(above / size).toFixed(2)}×`, `${seconds.toFixed(2)} s`]);
    records.push({ row: what, above, ofFile: above / size, seconds });
    if (above > limit) process.exitCode = 1;
  };
  load('dictionary', folder);
  const model = join(folder, 'own.model');
  execFileSync(process.execPath, ['dist/cli/main.js', 'import', folder, '--out', model]);
  load('model', model);
  const python = JSON.parse(execFileSync('python3', ['bench/dictionary-file/load.py', path], { encoding: 'utf8' }));
  for (const [name, seconds] of [
    [`Python, ${python.by}`, python.seconds],
    [`Python, ${python.by}, the encoder turned`, python.turned],
  ]) {
    rows.push([name, '–', '–', `${seconds.toFixed(2)} s`]);
    records.push({ row: name, seconds });
  }
  publish('bench:dictionary', 'dictionary-file', {
    title: `Loading ${d} → ${h} of float32, ${size.toFixed(0)} MiB, its encoder to be turned`,
    checked: `at most ${limit.toFixed(0)} MiB above an idle process, or the command fails`,
    columns: ['what', 'peak above idle', 'of the file', 'time'],
    ...{ rows, records },
    notes: ['ours: the largest of three peaks, the median of three times'],
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function writeDictionary(path: string): void {
  const tensors = [
    { name: 'W_enc', shape: [d, h], kind: 'f4' as const },
    { name: 'W_dec', shape: [h, d], kind: 'f4' as const },
    { name: 'b_enc', shape: [h], kind: 'f4' as const },
    { name: 'b_dec', shape: [d], kind: 'f4' as const },
  ];
  const { head, length } = safetensorsHead(tensors, {});
  const file = openSync(path, 'w');
  writeSync(file, head);
  const numbers = new Float32Array(2 ** 18);
  for (let left = (length - head.length) / 4; left > 0; left -= numbers.length) {
    for (let i = 0; i < numbers.length; i++) numbers[i] = Math.sin(left + i) / 50;
    writeSync(file, new Uint8Array(numbers.buffer, 0, 4 * Math.min(left, numbers.length)));
  }
  closeSync(file);
  writeFileSync(join(path, '../cfg.json'), JSON.stringify({ architecture: 'standard', d_in: d, d_sae: h }));
}
