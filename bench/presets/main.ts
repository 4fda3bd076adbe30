import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { matrix, toFlat } from '../../src/array/matrix.ts';
import { writeNpy } from '../../src/data/formats/npy.ts';
import { loadModel } from '../../src/node/model-files.ts';
import { publish } from '../harness/publish.ts';
import { found, planted } from './planted.ts';

// Whether a preset finds what is in data whose mean is far from 0: npm run bench:presets -- [preset = topk] [--rows 20000]
// 2,048 true features in 768 numbers, about 31 on in a row, a mean of five deviations. The command is told, with its time.

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rows: { type: 'string', default: '20000' },
    cli: { type: 'string', default: 'dist/cli/main.js' },
    json: { type: 'string' },
  },
});
const [preset = 'topk', ...more] = positionals;
const rows = Number(values.rows);
const [inputs, hidden] = [768, 4096];
const folder = mkdtempSync(join(tmpdir(), 'rhohat-presets-'));
try {
  const { x, features } = planted({ rows, inputs, features: 2048, active: 31, mean: 5, seed: 1 });
  writeFileSync(join(folder, 'activations.npy'), writeNpy(matrix(x, rows, inputs)));
  const k = /topk|matryoshka/.test(preset) ? ['--k', '32'] : [];
  const args = ['train', 'activations.npy', '--preset', preset, '--hidden', `${hidden}`, ...k, ...more];
  const { status, stdout } = spawnSync(
    process.execPath,
    [join(process.cwd(), values.cli), ...args, '--out', 'run', '--json'],
    { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 2 ** 30 },
  );
  if (status !== 0) throw new Error(`the command ended with status ${status}`);
  const { run, seconds, metrics, inspection } = JSON.parse(stdout);
  const { model } = await loadModel(join(folder, 'run'));
  const D = toFlat((await model.parameters())['decoder.weight']);
  const { epochs, batchSize } = run.fit;
  const share = found(D, features, inputs, 0.9);
  const explained = 1 - metrics.varianceUnexplained;
  const rate = Math.round((epochs * rows) / seconds);
  const dead = `${metrics.deadUnits.length} of ${hidden}`;
  const cells = [explained.toFixed(3), inspection.l0.toFixed(2), dead, `${(100 * share).toFixed(1)}%`];
  publish('bench:presets', 'presets', {
    title: `What a preset finds: ${rows} rows of ${inputs} numbers of 2,048 planted features`,
    checked: '',
    columns: ['preset', 'explained variance', 'L0', 'dead', 'found, cosine above 0.9', 'time', 'examples a second'],
    rows: [[preset, ...cells, `${seconds.toFixed(0)} s`, `${rate}`]],
    records: [
      { row: preset, explained, l0: inspection.l0, dead: metrics.deadUnits.length, found: share, seconds, rate },
    ],
    notes: [
      `\`rhohat ${args.join(' ')}\``,
      `\`${JSON.stringify({ ...run.model.auxiliary, epochs, batchSize, optimizer: run.fit.optimizer })}\``,
    ],
  });
  model.dispose();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
