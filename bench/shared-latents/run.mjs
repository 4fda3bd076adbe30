// A dictionary that one process cannot hold, its latents shared: mpirun -n 2 node bench/shared-latents/run.mjs [inputs] [latents] [k] [batch] [steps]
// Each process tells its peak memory beside 1.2 × 5 × its share of the parameters; then the model is saved, loaded and compared.
import { readFileSync } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Autoencoder, fit } from 'rhohat';
import { openGroup } from 'rhohat/mpi';
import { loadModel, saveModel } from 'rhohat/node';

const [inputs = 768, hidden = 196_608, k = 32, batch = 64, steps = 4] = process.argv.slice(2).map(Number);
const GIB = 2 ** 30;
const group = await openGroup();
const tell = (text) => {
  for (const line of group.texts(text)) if (group.rank === 0) console.log(line);
};
/** Peak of what is resident, in bytes. */
const peak = () => Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024;
const seconds = async (task) => {
  const begin = performance.now();
  const value = await task();
  return [value, (performance.now() - begin) / 1000];
};

let state = 1;
const uniform = () => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32 - 0.5;
};
const x = { data: Float32Array.from({ length: batch * steps * inputs }, uniform), shape: [batch * steps, inputs] };

const config = { inputs, hidden, sparsity: { kind: 'top-k', k }, center: true, unitNorm: true };
const base = peak();
const threads = Math.max(1, Math.floor(2 / group.localSize));
const [model, created] = await seconds(() => Autoencoder.create(config, { latents: group, threads }));
const share = 4 * model.engine.layout.length;
const bound = 1.2 * 5 * share;
const costs = [];
const [, trained] = await seconds(() =>
  fit(model, x, { epochs: 1, batchSize: batch, onProgress: ({ cost }) => void costs.push(cost) }),
);
const fitted = peak();
const few = { data: x.data.subarray(0, 4 * inputs), shape: [4, inputs] };
const codes = await model.encode(few);
const out = await model.reconstruct(few);
const [path, [, saved]] = await (async () => {
  const path = join(tmpdir(), `shared-latents-${process.ppid}.safetensors`);
  return [path, await seconds(() => saveModel(path, model))];
})();
const savedAt = peak();
tell(
  `process ${group.rank} of ${group.size}: ${(share / 4 / 1e6).toFixed(1)} million parameters, ${(share / GIB).toFixed(2)} GiB; ` +
    `peak ${(fitted / GIB).toFixed(2)} GiB trained, ${(savedAt / GIB).toFixed(2)} GiB saved, of which ${(base / GIB).toFixed(2)} GiB before: ` +
    `${((savedAt - base) / (5 * share)).toFixed(2)} × 5 shares (at most 1.2: ${(bound / GIB).toFixed(2)} GiB and buffers)`,
);
model.dispose();
const [{ model: loaded }, read] = await seconds(() => loadModel(path, { latents: group, threads }));
const again = await loaded.encode(few);
const outAgain = await loaded.reconstruct(few);
const same = codes.data.every((a, i) => a === again.data[i]) && out.data.every((a, i) => a === outAgain.data[i]);
const on = new Float64Array(4);
for (let i = 0; i < 4; i++) for (let j = 0; j < codes.shape[1]; j++) if (codes.get(i, j) > 0) on[i]++;
group.total(on);
tell(`process ${group.rank}: loaded gives ${same ? 'the same codes and outputs' : 'OTHER CODES'}`);
if (group.rank === 0) {
  console.log(
    `costs ${costs.map((cost) => cost.toFixed(4)).join(', ')}; survivors of 4 examples ${[...on].join(', ')} (k = ${k})`,
  );
  console.log(
    `file ${((await stat(path)).size / GIB).toFixed(2)} GiB; created in ${created.toFixed(1)} s, ${(trained / steps).toFixed(1)} s a step, saved in ${saved.toFixed(1)} s, loaded in ${read.toFixed(1)} s; ${(group.bytes / 1e6).toFixed(1)} MB sent`,
  );
  await rm(path);
}
await group.close();
