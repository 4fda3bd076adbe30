// Bun's and Deno's workers are those of the web.
import { work } from './page/work.mjs';

const worker = new Worker(new URL('./page/worker.mjs', import.meta.url), { type: 'module' });
console.log(JSON.stringify(await work(worker)));
worker.terminate();
