// An extension's service worker: it may start no worker, and import nothing later.
import { workHere } from '../page/work-here.mjs';

chrome.runtime.onMessage.addListener((_message, _sender, answer) => {
  workHere().then(answer, ({ stack }) => answer({ error: stack }));
  return true; // the answer comes later
});
