import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toFlat } from '../../src/array/matrix.ts';
import { benchModel } from '../subjects.ts';
import { configOf, dataOf, type Row, STEPS } from './rows.ts';

/** Data, start and objective of a row in a folder, for PyTorch. @returns the path of the task */
export async function writeTask(row: Row, folder: string): Promise<string> {
  const prefix = join(folder, row.name.replace(/\W+/g, '-'));
  let count = 0;
  const send = (values: Float32Array, shape: readonly number[]) => {
    const path = `${prefix}-${count++}.f32`;
    writeFileSync(path, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    return { path, shape };
  };
  const x = dataOf(row);
  const model = await benchModel(configOf(row), { threads: 1 });
  const start = Object.values(await model.parameters());
  model.dispose();
  const objective =
    row.kind === 'kl' ? row.setting.objective : { k: row.setting.k, weightDecay: 0, learningRate: 1e-3 };
  const task = {
    ...objective,
    ...{ kind: row.kind, batch: row.setting.batch, steps: STEPS },
    x: send(x.data, x.shape),
    parameters: start.map((p) => send(Float32Array.from(toFlat(p)), p.shape)),
  };
  writeFileSync(`${prefix}.json`, JSON.stringify(task));
  return `${prefix}.json`;
}
