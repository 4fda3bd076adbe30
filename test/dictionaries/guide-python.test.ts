import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { writeNpy } from '../../src/data/formats/npy.ts';
import { exportDictionary } from '../../src/dictionaries/index.ts';
import { exportedCases, madeCase } from './exported-cases.ts';
import { PYTHON } from './python.ts';

// The Python of the guide is run, as it stands, in a folder with what its sh block writes; but for what imports SAELens, whose
// documented forward pass is the block after it. What it prints are its comments "# → …".

const GUIDE = 'docs/guides/dictionaries-of-others.md';
const FOLDERS = { saelens: 'sae', 'dictionary-learning': 'dict', npz: 'arrays' } as const;

const blocks = readFileSync(GUIDE, 'utf8')
  .split(/^```python\n/m)
  .slice(1)
  .map((text) => text.slice(0, text.indexOf('\n```')));
const own = blocks.filter((block) => !block.includes('import SAE'));

test('the guide loads each format in Python, and shows what SAELens does', () => {
  assert.equal([blocks.length - own.length, own.length], [1, 3]);
  for (const folder of Object.values(FOLDERS)) assert.ok(own.some((block) => block.includes(`"${folder}/`)));
});

const check = PYTHON === undefined ? test.skip : test;
check('the Python of the guide computes our codes', async () => {
  for (const name of ['top-k, centred', 'batch-top-k, centred, unit norm']) {
    const made = await madeCase(exportedCases.find((given) => given.name === name) as (typeof exportedCases)[number]);
    const folder = mkdtempSync(join(tmpdir(), 'rhohat-guide-'));
    try {
      for (const [format, at] of Object.entries(FOLDERS) as [keyof typeof FOLDERS, string][]) {
        mkdirSync(join(folder, at));
        for (const [file, bytes] of (await exportDictionary(made.saved, { format })).files)
          writeFileSync(join(folder, at, file), bytes);
      }
      writeFileSync(join(folder, 'activations.npy'), writeNpy(made.rows));
      writeFileSync(join(folder, 'codes.npy'), writeNpy(made.codes));
      for (const block of own) {
        if (name !== 'top-k, centred' && block.includes('torch.load')) continue; // that block is of TopK
        const expected = [...block.matchAll(/# → (.*)$/gm)].map(([, text]) => text);
        const printed = execFileSync(PYTHON as string, ['-c', block], { cwd: folder, encoding: 'utf8' });
        assert.equal(printed.trim().split('\n'), expected, `${name}: ${block}`);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
});

test.run();
