import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readNpy, writeNpy } from '../../src/data/formats/npy.ts';
import { type DictionaryFormat, exportDictionary } from '../../src/dictionaries/index.ts';
import { codesIn, exportedCases, madeCase } from './exported-cases.ts';
import { PYTHON } from './python.ts';
import { assertRows } from './rows-agree.ts';

// Exported files in Python: test/dictionaries/read-exports.py reads them with NumPy and PyTorch and computes what SAELens,
// dictionary_learning and Gemma Scope document. Where there is no Python with both, nothing is run, and the test says so.

const check = PYTHON === undefined ? test.skip : test;
check('Python computes our codes and reconstructions from the files of every format', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rhohat-export-'));
  try {
    const made = [];
    for (const given of exportedCases) {
      const found = await madeCase(given);
      for (const [format, architecture] of Object.entries(given.architectures) as [DictionaryFormat, string][]) {
        const at = join(folder, `${made.length}`.padStart(3, '0'));
        mkdirSync(at);
        const exported = await exportDictionary(found.saved, { format });
        assert.is(exported.architecture, architecture, given.name);
        for (const [name, bytes] of exported.files) writeFileSync(join(at, name), bytes);
        writeFileSync(join(at, 'rows.npy'), writeNpy(found.rows));
        made.push({ at, format, found });
      }
      found.saved.model.dispose();
    }
    assert.ok(made.length > 40);
    execFileSync(PYTHON as string, ['test/dictionaries/read-exports.py', folder], { stdio: 'inherit' });
    for (const { at, format, found } of made) {
      const what = `${found.name} as ${format}`;
      const codes = readNpy(readFileSync(join(at, 'codes.npy'))).data;
      assertRows(codes, codesIn(format, found), found.codes.shape[1], `codes of ${what}`, true);
      const outputs = readNpy(readFileSync(join(at, 'outputs.npy'))).data;
      assertRows(outputs, found.outputs.data, found.outputs.shape[1], `outputs of ${what}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test.run();
