import { shortNumber } from '../../figures/ticks.ts';
import { visibleText } from '../../report/visible-text.ts';
import { find, make } from '../components/find.ts';
import type { WatchedRun } from './watcher.ts';
import { count, duration } from './words.ts';

const LONGEST = 1000; // of what is said

/** What a run does, how far it is, and its numbers now. */
export class RunStateView {
  private readonly says = find('says', HTMLParagraphElement);
  private readonly progress = find('progress', HTMLProgressElement);
  private readonly facts = find('facts', HTMLElement);
  private readonly report = find('report', HTMLParagraphElement);

  /** The i-th of all runs. */
  draw(run: WatchedRun, i: number): void {
    const { view } = run;
    const state = make('b', { className: view.state }, view.state);
    this.says.replaceChildren(state, visibleText(view.says, LONGEST));
    const done = shareDone(run);
    this.progress.hidden = done === null;
    this.progress.value = done ?? 0;
    const facts = factsOf(run);
    this.facts.replaceChildren(
      ...facts.map(([name, value, also = '']) =>
        make('div', {}, make('dt', {}, name), make('dd', {}, value, make('small', {}, also === '' ? '' : ` ${also}`))),
      ),
    );
    this.report.hidden = !view.hasReport;
    const link =
      this.report.querySelector('a') ?? make('a', { target: '_blank', rel: 'noopener' }, 'The report of this run');
    link.href = `./runs/${i}/report.html`;
    if (!link.isConnected) this.report.replaceChildren(link);
  }
}

/** Of the steps, or epochs, that the run has in all; null where that is not known. */
export function shareDone({ view, history: { last } }: WatchedRun): number | null {
  if (view.state === 'finished') return 1;
  if (last === null) return view.steps === null && view.epochs === null ? null : 0;
  if (view.steps !== null) return Math.min(1, last.step / view.steps);
  return view.epochs === null ? null : Math.min(1, (last.epoch - 1) / view.epochs);
}

type Fact = readonly [name: string, value: string, also?: string];

function factsOf({ view, history }: WatchedRun): readonly Fact[] {
  const { last } = history;
  if (last === null) return [['lines of metrics', 'none yet']];
  const measured = (name: string, value: number | null, also?: string): readonly Fact[] =>
    value === null ? [] : [[name, shortNumber(value), also]];
  const speed = history.latest('examplesPerSecond');
  const dead = history.latest('dead');
  const looked = last.looked === undefined ? '' : `on ${count(last.looked)} examples`;
  // Of a run that is over they were counted on all examples.
  const whole = Object.hasOwn(view.results, 'dead units') ? view.results['dead units'] : undefined;
  const lost = history.unreadable;
  return [
    ['epoch', count(last.epoch), view.epochs === null ? '' : `of ${count(view.epochs)}`],
    ['step', count(last.step), view.steps === null ? '' : `of ${count(view.steps)}`],
    ['J', last.cost === null ? 'not a number' : shortNumber(last.cost)],
    ...measured('validation', history.latest('validation')),
    ...(speed === null ? [] : [['examples/s', count(speed)] as const]),
    ...measured('L0', history.latest('l0')),
    ...(whole === undefined ? [] : [['dead', whole] as const]),
    ...(whole !== undefined || dead === null ? [] : [['dead', count(dead), looked] as const]),
    ['trained for', duration(last.seconds)],
    ...(view.state === 'running' ? leftOf(view.steps, last.step, history.secondsPerStep) : []),
    ...(lost === 0 ? [] : [['lines that make no sense', count(lost)] as const]),
  ];
}

function leftOf(steps: number | null, step: number, secondsPerStep: number | null): readonly Fact[] {
  if (steps === null || secondsPerStep === null) return [];
  return [['left, about', duration((steps - step) * secondsPerStep)]];
}
