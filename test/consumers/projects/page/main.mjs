import { work } from './work.mjs';

const answer = (result) => {
  document.title = JSON.stringify(result);
};
const worker = new Worker(new URL('./worker.mjs', import.meta.url), { type: 'module' });
const options = JSON.parse(document.body.dataset.options ?? 'null') ?? undefined;
// No top-level await: the browsers that Vite 6 builds for, unless it is told otherwise, did not have it.
work(worker, options).then(answer, ({ stack }) => answer({ error: stack }));
