import { work } from './work.mjs';

try {
  const worker = new Worker(new URL('./worker.mjs', import.meta.url), { type: 'module' });
  document.title = JSON.stringify(await work(worker, JSON.parse(document.body.dataset.kernels ?? 'null') ?? undefined));
} catch (error) {
  document.title = JSON.stringify({ error: error.stack });
}
