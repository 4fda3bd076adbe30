import { visibleText } from '../../report/visible-text.ts';
import { curveDress, termPlaces, VALIDATION } from '../components/colours.ts';
import { type Curve, CurveChart } from '../components/curve-chart.ts';
import { find, make } from '../components/find.ts';
import type { Measure, Quantity } from './history.ts';
import type { WatchedRun } from './watcher.ts';
import { inWords } from './words.ts';

const LONGEST_NAME = 60;
/** Terms with a curve of their own: the largest now. */
const MOST_TERMS = 10;
const SYNC = 'runs';

/** Small charts: what they show, what they are called, and whether their axes begin at 0. */
const MEASURES: readonly { readonly of: Measure; readonly name: string; readonly from?: 0 }[] = [
  { of: 'gradientNorm', name: 'Gradient norm ‖∂J/∂θ‖' },
  { of: 'learningRate', name: 'Learning rate η', from: 0 },
  { of: 'examplesPerSecond', name: 'Examples a second', from: 0 },
  { of: 'l0', name: 'L0: units that are not 0', from: 0 },
  { of: 'dead', name: 'Dead units', from: 0 },
];

/** Curves of one run: J, its terms, validation; of several: one quantity, a colour a run. */
export class CurvesView {
  private readonly cost = new CurveChart(find('cost', HTMLElement), find('cost-legend', HTMLElement), {
    label: 'The cost and its terms',
    height: 300,
    sync: SYNC,
  });
  private readonly over = find('over', HTMLSelectElement);
  private readonly quantity = find('quantity', HTMLSelectElement);
  private readonly about = find('about-cost', HTMLElement);
  private readonly small: readonly { readonly of: Measure; readonly part: HTMLElement; readonly chart: CurveChart }[];
  private runs: readonly WatchedRun[] = [];
  private said = '';
  /** Whether somebody chose between epochs and steps. */
  private isChosen = false;

  constructor() {
    const host = find('measures', HTMLElement);
    this.small = MEASURES.map(({ of, name, from }) => {
      const [chart, legend] = [make('div', { className: 'chart' }), make('ul', { className: 'legend' })];
      const part = make('div', {}, make('div', { className: 'row' }, make('h3', {}, name), legend), chart);
      host.append(part);
      return {
        of,
        part,
        chart: new CurveChart(chart, legend, { label: name, height: 140, sync: SYNC, from, isSmall: true }),
      };
    });
    this.over.addEventListener('change', () => {
      this.isChosen = true;
      this.draw(this.runs, true);
    });
    this.quantity.addEventListener('change', () => this.draw(this.runs, true));
  }

  /** Draws what has come since the last time, or, on request, all. */
  draw(runs: readonly WatchedRun[], anew = false): void {
    this.runs = runs;
    const said = JSON.stringify(
      runs.map(({ view, history }) => [view.name, view.steps, view.epochs, history.last, history.lines.length]),
    );
    if (said === this.said && !anew) return;
    this.said = said;
    const epochs = Math.max(0, ...runs.map(({ history }) => history.last?.epoch ?? 0));
    if (!this.isChosen) this.over.value = epochs > 1 ? 'epoch' : 'step';
    const isOne = runs.length === 1;
    find('quantity-choice', HTMLElement).hidden = isOne;
    if (!isOne) this.offer();
    const quantity = (this.quantity.value || 'cost') as Quantity;
    this.cost.draw(isOne ? this.ofOne(runs[0]) : this.ofRuns(quantity), this.over.value);
    for (const { of, part, chart } of this.small) {
      const curves = this.ofRuns(of);
      part.hidden = curves.every(({ points }) => points.length === 0);
      if (!part.hidden) chart.draw(curves, this.over.value);
    }
  }

  private perEpoch({ view, history }: WatchedRun): number | null {
    if (this.over.value === 'step') return null;
    return view.steps !== null && view.epochs !== null && view.steps >= view.epochs
      ? view.steps / view.epochs
      : history.stepsPerEpoch;
  }

  private ofOne(run: WatchedRun): readonly Curve[] {
    const { history } = run;
    const per = this.perEpoch(run);
    const places = termPlaces(history.terms);
    const largest = [...history.terms].sort((a, b) => size(run, b) - size(run, a)).slice(0, MOST_TERMS);
    const left = history.terms.length - largest.length;
    this.about.textContent = `J is the sum of its terms${left > 0 ? `; ${left} smaller terms are not drawn` : ''}`;
    const terms = history.terms.filter((name) => largest.includes(name));
    const curves: Curve[] = [
      { name: 'J', colour: '--ink', width: 2.5, points: history.points('cost', per) },
      ...terms.map((name) => ({
        name: nameOf(name),
        ...curveDress(places.get(name) ?? 0),
        width: 1.75,
        points: history.points(`term ${name}`, per),
      })),
    ];
    const validation = history.points('validation', per);
    if (validation.length > 0)
      curves.push({ name: 'validation', colour: VALIDATION, width: 2, dash: [6, 4], points: validation });
    return distinct(curves);
  }

  private ofRuns(quantity: Quantity): readonly Curve[] {
    this.about.textContent = this.runs.length > 1 ? 'a colour a run' : this.about.textContent;
    return distinct(
      this.runs.map((run, i) => ({
        name: visibleText(run.view.name, LONGEST_NAME),
        ...curveDress(i),
        width: 2,
        points: run.history.points(quantity, this.perEpoch(run)),
      })),
    );
  }

  /** The quantities that any of the runs has. */
  private offer(): void {
    const terms = new Set(this.runs.flatMap(({ history }) => history.terms));
    const offers: (readonly [Quantity, string])[] = [['cost', 'J']];
    if (this.runs.some(({ history }) => history.latest('validation') !== null))
      offers.push(['validation', 'validation']);
    for (const term of [...terms].slice(0, 40)) offers.push([`term ${term}`, nameOf(term)]);
    const values = offers.map(([value]) => value);
    if (values.join('\n') === [...this.quantity.options].map(({ value }) => value).join('\n')) return;
    const before = this.quantity.value;
    this.quantity.replaceChildren(...offers.map(([value, text]) => new Option(text, value)));
    this.quantity.value = values.find((value) => value === before) ?? 'cost';
  }
}

const nameOf = (term: string) => inWords(visibleText(term, LONGEST_NAME)) || '(no name)';
const size = ({ history }: WatchedRun, term: string) => Math.abs(history.latest(`term ${term}`) ?? 0);

/** Names that read the same get their place behind them: a legend knows curves by their names. */
function distinct(curves: readonly Curve[]): readonly Curve[] {
  const seen = new Set<string>();
  return curves.map((curve, i) => {
    const name = seen.has(curve.name) ? `${curve.name} (${i + 1})` : curve.name;
    seen.add(name);
    return { ...curve, name };
  });
}
