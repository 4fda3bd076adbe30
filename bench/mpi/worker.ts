// One of the processes that are timed: worker.js ROW THREADS MILLISECONDS rows|latents [smoke]. Process 0 prints one line of JSON.
import { rowRange } from '../../src/array/matrix.ts';
import { fit } from '../../src/index.ts';
import { launched, type MpiGroup, openGroup } from '../../src/node/mpi/index.ts';
import { benchModel } from '../subjects.ts';
import type { Outcome } from './outcome.ts';
import { configOf, dataOf, optionsOf, ROWS, SMOKE_ROWS, STEPS } from './rows.ts';

const [index, threads, milliseconds, shared, size] = process.argv.slice(2);
const row = (size === 'smoke' ? SMOKE_ROWS : ROWS)[Number(index)];
const group: MpiGroup | undefined = launched() === null ? undefined : await openGroup();

const x = dataOf(row);
// Rows are shared by what fit is given, latents by what the model is made with.
const latents = shared === 'latents' ? group : undefined;
const rows = shared === 'latents' ? undefined : group;
const model = await benchModel(configOf(row), { threads: Number(threads), latents });
const { history } = await fit(model, rowRange(x, 0, row.setting.batch), { ...optionsOf(row, STEPS), group: rows });

/** Milliseconds a step of one pass over the data. */
async function pass(): Promise<number> {
  group?.barrier();
  const begin = performance.now();
  await fit(model, x, { ...optionsOf(row, 1), group: rows });
  return (performance.now() - begin) / row.batches;
}

/** Whether process 0 goes on: all take as many passes. */
function goesOn(own: boolean): boolean {
  const answer = Float64Array.of(own ? 1 : 0);
  group?.broadcast(answer, 0);
  return answer[0] === 1;
}

await pass(); // the compiler, and which tile multiplies
const before = group?.bytes ?? 0;
const samples: number[] = [];
const end = performance.now() + Number(milliseconds);
do samples.push(await pass());
while (goesOn(performance.now() < end));

if ((group?.rank ?? 0) === 0) {
  const steps = samples.length * row.batches;
  const outcome: Outcome = {
    costs: history.map(({ cost }) => cost),
    samples,
    bytes: ((group?.bytes ?? 0) - before) / steps,
    library: group?.library ?? '',
  };
  console.log(JSON.stringify(outcome));
}
model.dispose();
await group?.close();
process.exit(0);
