import { work } from '/page/work.mjs';

const answer = (result) => {
  document.title = JSON.stringify(result);
};
const worker = new Worker('/node_modules/rhohat/dist/browser/worker/script.js', { type: 'module' });
work(worker).then(answer, ({ stack }) => answer({ error: stack }));
