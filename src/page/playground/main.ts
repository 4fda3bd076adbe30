import './style.css';
import { find } from '../components/find.ts';
import { type Runs, wordsOf } from './engines.ts';
import type { Answer, Request } from './messages.ts';
import { type Change, hasWebGpu, Panel } from './panel.ts';
import { addressOf, type Settings, settingsOf } from './settings.ts';
import { Stage } from './stage.ts';
import { showVerdict } from './verdict.ts';

// The page's side of the playground: what is set goes to the worker, what it tells is drawn.

const button = (id: string) => find(id, HTMLButtonElement);
const trouble = find('trouble', HTMLParagraphElement);
const status = find('status', HTMLParagraphElement);
const worker = started();
const ask = (request: Request) => worker.postMessage(request);
const bugs = find('bug', HTMLSelectElement);
const proving = find('proving', HTMLProgressElement);
const verdict = find('verdict', HTMLElement);
const kept = find('kept', HTMLParagraphElement);

/** Before what a data set is, where its name says too little. */
const SAYS = { 'dead-leaves': 'Discs that hide one another, as leaves do: ', digits: '', 'swiss-roll': '', own: '' };

/** Whether data of somebody's own were given here. */
let hasOwn = false;
const opened = here(settingsOf(location.hash));
let settings = opened.settings;
let playing = true;
/** A change that goes to the worker with the next frame, whatever comes of the slider until then. */
let waiting = false;
/** Looks of what trained before are not drawn any more. */
let begun = false;
/** What trains at present; null before anything does. */
let running: Settings | null = null;

const stage = new Stage((unit) => ask({ ask: 'top', unit }));
const panel = new Panel(settings, changed);

/** @throws where the browser lets the page have no worker. */
function started(): Worker {
  try {
    return new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
  } catch (error) {
    trouble.textContent = `Nothing can be trained here: this browser lets the page have no worker (${error}).`;
    trouble.hidden = false;
    throw error;
  }
}

function complain(message: string): void {
  trouble.textContent = message;
  trouble.hidden = message === '';
}

/** Settings of an address on what there is here: not every browser has WebGPU, and data of somebody's own never left theirs. */
function here({ settings: asked, wrong: before }: ReturnType<typeof settingsOf>): ReturnType<typeof settingsOf> {
  const cannot = asked.engine !== 'cpu' && !hasWebGpu();
  const given: Settings = cannot ? { ...asked, engine: 'cpu' } : asked;
  const why =
    'the link asks for a graphics card, which this browser lets no page use (it has no WebGPU): the processor trains';
  const wrong = cannot ? [...before, why] : before;
  if (given.data !== 'own' || hasOwn) return { settings: given, wrong };
  const says =
    'the link is to data of somebody’s own, which stay with them: give yours under Data; until then, dead leaves';
  return { settings: { ...given, data: 'dead-leaves' }, wrong: [...wrong, says] };
}

function remember(): void {
  history.replaceState(null, '', `#${addressOf(settings)}`);
}

function begin(files: readonly File[] | null = null): void {
  begun = false;
  verdict.replaceChildren();
  stage.expect(settings);
  ask({ ask: 'begin', settings, files });
}

function changed(next: Settings, change: Change): void {
  settings = next;
  complain('');
  if (change === 'anew') {
    remember();
    begin();
    return;
  }
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    remember();
    running = settings;
    ask({ ask: 'change', settings });
  });
}

function draw(answer: Extract<Answer, { tell: 'look' }>): void {
  const { look } = answer;
  stage.draw(look, settings);
  playing = look.playing;
  button('pause').textContent = playing ? 'Pause' : 'Go on';
  const { cost } = look.history[look.history.length - 1] ?? {};
  const last = cost === undefined ? [] : [`cost ${cost.toPrecision(4)}`];
  const speed = playing
    ? `${Math.round(look.examplesPerSecond).toLocaleString('en')} examples/s`
    : 'resting: Go on trains further';
  status.textContent = [`epoch ${look.epoch}`, ...last, speed].join(' · ');
  requestAnimationFrame(() => ask({ ask: 'drawn' }));
}

function showBugs(names: readonly string[]): void {
  if (bugs.options.length === names.length && names.every((name, i) => bugs.options[i].value === name)) return;
  bugs.replaceChildren(...names.map((name) => new Option(name, name)));
}

function showRuns(runs: Runs): void {
  find('runs', HTMLParagraphElement).textContent = wordsOf(runs);
}

function download(bytes: BlobPart, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

async function copy(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    kept.textContent = `${what} is on the clipboard.`;
  } catch {
    kept.textContent = `This browser does not let pages write to the clipboard: ${what.toLowerCase()} stands below.`;
    const code = find('code', HTMLTextAreaElement);
    code.value = text;
    code.hidden = false;
  }
}

function hear(answer: Answer): void {
  if (answer.tell === 'began') {
    begun = true;
    settings = answer.settings;
    running = settings;
    stage.begin(answer.look, settings);
    panel.show(settings);
    if (settings.data === 'own') {
      hasOwn = true;
      panel.allowOwn(answer.look.kind === 'image');
    }
    showBugs(answer.bugs);
    showRuns(answer.runs);
    remember();
    const { look, read } = answer;
    const patches =
      look.kind === 'image' && settings.data !== 'digits'
        ? `, in patches of ${look.image.height}×${look.image.width}`
        : '';
    find('read', HTMLParagraphElement).textContent = `${SAYS[settings.data]}${read}${patches}.`;
    status.textContent = 'begins …';
    if (answer.slow)
      complain('WebAssembly with SIMD does not run here: slower code trains, and other bits come of it than in Node.');
    if (answer.foreign) complain('The model is one that this page has no sliders for: it trains on as it is.');
  } else if (answer.tell === 'look') {
    if (begun) draw(answer);
    else ask({ ask: 'drawn' });
  } else if (answer.tell === 'runs') showRuns(answer.runs);
  else if (answer.tell === 'bugs') showBugs(answer.bugs);
  else if (answer.tell === 'top') stage.answer(answer);
  else if (answer.tell === 'proving') {
    proving.hidden = false;
    proving.value = answer.done;
  } else if (answer.tell === 'proof') {
    proving.hidden = true;
    showVerdict(verdict, answer.proof);
  } else if (answer.tell === 'saved') {
    download(answer.bytes, 'model.safetensors');
    kept.textContent =
      'model.safetensors is saved: Node loads it with deserializeModel, the command line with rhohat inspect.';
  } else if (answer.tell === 'code') {
    const code = find('code', HTMLTextAreaElement);
    code.value = answer.text;
    code.hidden = false;
    void copy(answer.text, 'The code');
  } else fail(answer.message);
}

/** What was asked for came to nothing: what trained before trains on. */
function fail(message: string): void {
  complain(message);
  if (begun || running === null) {
    if (running === null) status.textContent = 'nothing trains';
    return;
  }
  begun = true;
  settings = running;
  panel.show(settings);
  remember();
}

worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => hear(data));
worker.addEventListener('error', (event) =>
  complain(`The worker failed: ${event.message || 'its script could not be loaded'}`),
);

button('pause').addEventListener('click', () => {
  playing = !playing;
  button('pause').textContent = playing ? 'Pause' : 'Go on';
  ask({ ask: 'play', playing });
});
button('restart').addEventListener('click', () => begin());
function prove(bug: string | null): void {
  complain('');
  verdict.replaceChildren();
  ask({ ask: 'prove', bug });
}
button('prove').addEventListener('click', () => prove(null));
button('break').addEventListener('click', () => prove(bugs.value));
button('save').addEventListener('click', () => ask({ ask: 'save', address: addressOf(settings) }));
button('copy-code').addEventListener('click', () => ask({ ask: 'code' }));
button('copy-link').addEventListener('click', () => {
  remember();
  void copy(location.href, settings.data === 'own' ? 'The link, without your data,' : 'The link');
});
find('load', HTMLInputElement).addEventListener('change', ({ target }) => {
  const input = target as HTMLInputElement;
  const [file] = input.files ?? [];
  if (file) {
    complain('');
    ask({ ask: 'load', settings, file });
  }
  input.value = '';
});

function take(files: readonly File[]): void {
  if (files.length === 0) return;
  complain('');
  settings = { ...settings, data: 'own' };
  begin(files);
}
find('files', HTMLInputElement).addEventListener('change', ({ target }) => {
  const input = target as HTMLInputElement;
  take([...(input.files ?? [])]);
  input.value = '';
});
for (const type of ['dragover', 'dragleave', 'drop'] as const) {
  document.addEventListener(type, (event) => {
    event.preventDefault();
    document.body.classList.toggle('over', type === 'dragover');
    if (type === 'drop') take([...(event.dataTransfer?.files ?? [])]);
  });
}
addEventListener('hashchange', () => {
  const { settings: next, wrong } = here(settingsOf(location.hash));
  if (addressOf(next) === addressOf(settings)) return;
  settings = next;
  complain(wrong.join('; '));
  panel.show(settings);
  begin();
});

complain(opened.wrong.join('; '));
begin();
