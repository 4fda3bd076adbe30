import { rowRange, toFlat } from '../../array/matrix.ts';
import { InputError } from '../../errors.ts';
import { shadeRows } from '../../report/shade-rows.ts';
import { type DataSet, loadData, type OwnData } from './data-sets.ts';
import type { Runs } from './engines.ts';
import type { Look } from './look.ts';
import type { Answer, Request } from './messages.ts';
import { Session } from './session.ts';
import type { Settings } from './settings.ts';
import { settingsOfModel } from './settings-of-model.ts';

// The worker's side of the playground: one session at a time.

/** What readers say in the library's words. */
const WITHOUT_TEXT = 'take columns of text out of the file';

const page = self as unknown as {
  postMessage(message: Answer, transfer?: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<Request>) => void): void;
};

let session: Session | null = null;
let own: OwnData | null = null;
let proving = { ended: false };
/** The bugs that the page knows of, and what trains. */
let told = '';
let toldRuns = '';
/** What is to begin, one after the other, and how often that was asked for. */
let turn: Promise<void> = Promise.resolve();
let asked = 0;
let begun = 0;
/** Sliders that moved before the session that they are of began. */
let moved: Settings | null = null;
/** Data sets are made once, of each whitening. */
const made = new Map<string, DataSet>();

async function digits(): Promise<Uint8Array> {
  const response = await fetch(new URL('digits.csv.gz', self.location.href));
  if (!response.ok) throw new InputError(`the digits could not be loaded: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

async function dataOf(settings: Settings): Promise<DataSet> {
  const key = `${settings.data} ${settings.whiten}`;
  const data = made.get(key) ?? (await loadData(settings, { digits, own }));
  made.set(key, data);
  return data;
}

/** Data of files of one's own: those of before stay where the new ones make no sense. */
async function ownOf(files: readonly File[], settings: Settings): Promise<DataSet> {
  const { ownData } = await import('./own-files.ts');
  const given = await ownData(files);
  const data = await loadData(settings, { digits, own: given }).catch((error: Error) => {
    const message = error.message.replace('choose the columns that hold numbers (columns)', WITHOUT_TEXT);
    throw new InputError(`${files.map(({ name }) => name).join(', ')}: ${message}`);
  });
  own = given;
  for (const key of made.keys()) if (key.startsWith('own')) made.delete(key);
  made.set(`${settings.data} ${settings.whiten}`, data);
  return data;
}

function show(look: Look): void {
  if (session !== null) {
    tellBugs(session);
    tellRuns(session.runs);
  }
  const { tiles, rates, x, reconstructions } = look;
  page.postMessage({ tell: 'look', look }, [
    tiles.buffer,
    rates.buffer,
    x.buffer,
    reconstructions.buffer,
  ] as ArrayBuffer[]);
}

/** Which fit follows the model, and that a change after the epoch in which it is asked for. */
function tellBugs(current: Session): void {
  const bugs = current.bugs();
  if (bugs.join() === told) return;
  told = bugs.join();
  page.postMessage({ tell: 'bugs', bugs });
}

/** What trains, where it has changed. */
function tellRuns(runs: Runs): void {
  if (JSON.stringify(runs) === toldRuns) return;
  toldRuns = JSON.stringify(runs);
  page.postMessage({ tell: 'runs', runs });
}

/** Puts a session in the place of the one before, and trains it. */
function begin(next: Session, settings: Settings, foreign = false): void {
  session?.dispose();
  proving.ended = true;
  session = next;
  const { look, read } = next.data;
  const bugs = next.bugs();
  const { runs } = next;
  const slow = runs.kernels === 'reference';
  told = bugs.join();
  toldRuns = JSON.stringify(runs);
  page.postMessage({ tell: 'began', settings, look, read, bugs, foreign, slow, runs });
  next.run(tellFailure).catch(tellFailure);
}

async function top(current: Session, unit: number): Promise<void> {
  const { examples } = await current.top(unit);
  const { x } = current.data;
  const d = x.shape[1];
  const values = new Float64Array(examples.length * d);
  for (const [i, { row }] of examples.entries()) toFlat(rowRange(x, row, row + 1), values.subarray(i * d, (i + 1) * d));
  const rows = examples.map(({ row }) => row);
  const activations = examples.map(({ activation }) => activation);
  page.postMessage({ tell: 'top', unit, rows, activations, shades: shadeRows(values, d) });
}

async function prove(current: Session, bug: string | null): Promise<void> {
  proving.ended = true;
  const mine = { ended: false };
  proving = mine;
  const proof = await current.prove(bug, async (done) => {
    page.postMessage({ tell: 'proving', done });
    await new Promise((resolve) => setTimeout(resolve)); // to hear of an end
    return !mine.ended;
  });
  page.postMessage({ tell: 'proof', proof });
}

/** What is asked for last trains in the end, however long files of before take. */
async function start(request: Extract<Request, { ask: 'begin' | 'load' }>, isLast: () => boolean): Promise<void> {
  const files = request.ask === 'begin' ? request.files : null;
  if (!isLast() && files === null) return;
  try {
    const { settings } = request;
    const data = files === null ? await dataOf(settings) : await ownOf(files, settings);
    const next =
      request.ask === 'begin' ? await Session.create(data, settings, show) : await loaded(request.file, data, settings);
    if (!isLast()) {
      next.dispose();
      await next.run(tellFailure); // to its end
      return;
    }
    const own = request.ask === 'begin' ? (moved ?? settings) : settingsOfModel(next.present.config, settings);
    if (request.ask === 'begin' && moved !== null) next.change(moved);
    begin(next, own ?? settings, own === null);
  } catch (error) {
    if (isLast()) tellFailure(error);
  } finally {
    if (isLast()) begun = asked;
  }
}

function loaded(file: File, data: DataSet, settings: Settings): Promise<Session> {
  const bytes = file.arrayBuffer().then((buffer) => new Uint8Array(buffer));
  return bytes
    .then((own) => Session.load(data, settings, own, show))
    .catch((error: Error) => {
      throw new InputError(`${file.name}: ${error.message}`);
    });
}

async function answer(request: Request): Promise<void> {
  if (['begin', 'load', 'change', 'play'].includes(request.ask)) proving.ended = true; // a proof keeps training waiting
  if (request.ask === 'begin' || request.ask === 'load') {
    const mine = ++asked;
    moved = null;
    turn = turn.then(() => start(request, () => mine === asked));
    await turn;
    return;
  }
  if (request.ask === 'change' && begun < asked) {
    moved = request.settings;
    return;
  }
  if (session === null) return;
  if (request.ask === 'change') session.change(request.settings);
  else if (request.ask === 'play') session.play(request.playing);
  else if (request.ask === 'drawn') session.drawn();
  else if (request.ask === 'top') await top(session, request.unit);
  else if (request.ask === 'prove') await prove(session, request.bug);
  else if (request.ask === 'code') {
    const { nodeCode } = await import('./node-code.ts');
    page.postMessage({ tell: 'code', text: nodeCode(session) });
  } else if (request.ask === 'save') {
    const bytes = await session.save(request.address);
    page.postMessage({ tell: 'saved', bytes }, [bytes.buffer]);
  }
}

function tellFailure(error: unknown): void {
  const words = error instanceof Error ? error.message : String(error);
  const isChunk = /dynamically imported module|module script failed/i.test(words); // as browsers put it
  const message = isChunk
    ? `a part of this page could not be loaded: ask again when the network is there (${words})`
    : words;
  page.postMessage({ tell: 'failed', message });
}

page.addEventListener('message', ({ data }) => {
  answer(data).catch(tellFailure);
});
