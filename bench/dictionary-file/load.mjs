// Loads a dictionary in a process of its own, and prints the peak of resident memory above that of the process before, and the time.
import { readFileSync } from 'node:fs';

const [, , what, path] = process.argv;
const peak = () => Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
const { loadModel, openDictionary } = await import(new URL('../../dist/node/index.js', import.meta.url).href);
const before = peak();
const begun = performance.now();
const { model } = what === 'model' ? await loadModel(path) : await openDictionary(path);
const seconds = (performance.now() - begun) / 1000;
const above = peak() - before;
const bytes = 4 * model.engine.layout.length;
console.log(JSON.stringify({ seconds, above, file: bytes / 2 ** 20 }));
process.exit(0); // threads
