import * as assert from 'uvu/assert';
import { fromRows, type Matrix, toFlat } from '../../src/array/matrix.ts';
import { applyPreprocessing } from '../../src/data/preprocessing/preprocessing.ts';
import { restore } from '../../src/data/preprocessing/restore.ts';
import type { SavedModel } from '../../src/training/model-file.ts';

/** What another library's dictionary makes of some inputs. */
export interface Expected {
  readonly input: number[][];
  /** Every one. */
  readonly codes: number[][];
  readonly output: number[][];
}

/** Same support, and every value within 1e-5 of the largest of its row. */
function assertAgrees(actual: Matrix, expected: readonly (readonly number[])[], name: string): void {
  const flat = toFlat(actual);
  const [rows, columns] = actual.shape;
  assert.is(rows, expected.length);
  for (let i = 0; i < rows; i++) {
    const most = Math.max(...expected[i].map(Math.abs));
    for (let j = 0; j < columns; j++) {
      const [a, b] = [flat[i * columns + j], expected[i][j]];
      assert.ok(Math.abs(a - b) <= 1e-5 * most, `${name}: ${a} for ${b} at ${i}, ${j}`);
      if (name.endsWith('codes')) assert.is(a !== 0, b !== 0, `${name}: ${a} for ${b} at ${i}, ${j}`);
    }
  }
}

/** Codes, outputs and reconstructions, in the units of the inputs. */
export async function assertExpected(
  { model, preprocessing }: SavedModel,
  expected: Expected,
  name: string,
): Promise<void> {
  const x = fromRows(expected.input, 'float32');
  const codes = await model.encode(applyPreprocessing(preprocessing, x));
  assertAgrees(codes, expected.codes, `${name}, codes`);
  const back = (made: Matrix) => (preprocessing.length === 0 ? made : restore(preprocessing, x, made));
  if (!model.config.skip) assertAgrees(back(await model.decode(codes)), expected.output, `${name}, output`);
  const whole = await model.reconstruct(applyPreprocessing(preprocessing, x));
  assertAgrees(back(whole), expected.output, `${name}, reconstruction`);
}
