import { find } from '../components/find.ts';
import { visibleText } from '../components/visible-text.ts';
import { Comparison } from './comparison.ts';
import { CurvesView } from './curves-view.ts';
import { DensityView } from './density-view.ts';
import { FeaturesView } from './features-view.ts';
import { PairsView } from './pairs-view.ts';
import { RunStateView, shareDone } from './run-state.ts';
import { type Answer, type WatchedRun, Watcher } from './watcher.ts';
import { percent } from './words.ts';

// The page of runs that are watched: what their server tells is drawn, and nothing of it is more than text and numbers.

const LONGEST_NAME = 120;
const NO_SNAPSHOT = 'There is no picture of the units yet.';
const DAMAGED = 'The picture of the units that the run has written makes no sense: it is not shown.';

const name = find('name', HTMLElement);
const trouble = find('trouble', HTMLParagraphElement);
const said = find('answer', HTMLParagraphElement);
const layout = find('runs', HTMLElement);
const choice = find('run', HTMLSelectElement);

const watcher = new Watcher(draw);
let views: ReturnType<typeof viewsOf> | null = null;
let runs: readonly WatchedRun[] = [];
let chosen = 0;

/** Made once their hosts are seen: charts take their widths. */
function viewsOf() {
  return {
    state: new RunStateView(),
    curves: new CurvesView(),
    features: new FeaturesView(),
    density: new DensityView(),
    pairs: new PairsView(),
    comparison: new Comparison(),
  };
}

function draw(now: readonly WatchedRun[], answer: Answer): void {
  runs = now;
  showAnswer(answer);
  if (answer.is === 'nonsense' && runs.length === 0) name.textContent = 'There is nothing to show';
  if (answer.is === 'gone') return; // the page stays as it is
  if (answer.is === 'there' && runs.length === 0) name.textContent = 'There are no runs to show';
  layout.hidden = runs.length === 0;
  if (runs.length === 0) return;
  layout.classList.toggle('several', runs.length > 1);
  chosen = Math.min(chosen, runs.length - 1);
  showNames();
  views ??= viewsOf();
  views.curves.draw(runs);
  views.comparison.draw(runs);
  showRun();
}

/** What is shown of the chosen run. */
function showRun(): void {
  const run = runs[chosen];
  if (!run || views === null) return;
  const { snapshot, damaged } = run;
  layout.classList.toggle('wide-features', snapshot !== null && !snapshot.tile.isImage);
  views.state.draw(run, chosen);
  views.features.draw(snapshot, damaged ? DAMAGED : NO_SNAPSHOT);
  views.density.draw(snapshot);
  views.pairs.draw(snapshot);
}

function showNames(): void {
  const names = runs.map(({ view }) => visibleText(view.name, LONGEST_NAME));
  const title = names.length === 1 ? names[0] : `${names.length} runs`;
  if (name.textContent !== title) name.textContent = title;
  const first = runs.length === 1 && runs[0].view.state === 'running' ? shareDone(runs[0]) : null;
  document.title = `${first === null ? '' : `${percent(first)} · `}${title} · rhohat`;
  find('choice', HTMLElement).hidden = names.length < 2;
  if (names.join('\n') !== [...choice.options].map(({ text }) => text).join('\n')) {
    choice.replaceChildren(...names.map((own, i) => new Option(own, `${i}`)));
    choice.value = `${chosen}`;
  }
}

function showAnswer(answer: Answer): void {
  said.classList.toggle('gone', answer.is === 'gone' && !allDone());
  trouble.hidden = answer.is !== 'nonsense';
  trouble.textContent = answer.is === 'nonsense' ? 'The server answers what this page does not understand.' : '';
  const text =
    answer.is === 'gone'
      ? allDone()
        ? `${runs.length > 1 ? 'the runs have' : 'the run has'} ended, this page shows its last state`
        : `no answer since ${answer.since.toTimeString().slice(0, 8)}`
      : '';
  if (said.textContent !== text) said.textContent = text;
}

/** Whether every run has ended, or had reached its last step when it was last heard of. */
function allDone(): boolean {
  return runs.length > 0 && runs.every((run) => run.view.state !== 'running' || shareDone(run) === 1);
}

choice.addEventListener('change', () => {
  chosen = Number(choice.value);
  watcher.choose(chosen);
  showRun();
});
void watcher.watch();
