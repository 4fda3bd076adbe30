import { work } from '/page/work.mjs';

try {
  const worker = new Worker('/node_modules/rhohat/dist/browser/worker/script.js', { type: 'module' });
  document.title = JSON.stringify(await work(worker));
} catch (error) {
  document.title = JSON.stringify({ error: error.stack });
}
