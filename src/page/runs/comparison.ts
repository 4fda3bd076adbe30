import { shortNumber } from '../../figures/ticks.ts';
import { visibleText } from '../../report/visible-text.ts';
import { curveDress } from '../components/colours.ts';
import { find, make } from '../components/find.ts';
import { shareDone } from './run-state.ts';
import type { WatchedRun } from './watcher.ts';
import { percent } from './words.ts';

const LONGEST = 80;
const MOST_ROWS = 100;

/** A table of several runs, a column a run: how far they are, what came out, and the settings that differ. */
export class Comparison {
  private readonly host = find('compared', HTMLElement);
  private said = '';

  constructor() {
    this.host.tabIndex = 0; // it scrolls, by keys too
  }

  draw(runs: readonly WatchedRun[]): void {
    find('comparison', HTMLElement).hidden = runs.length < 2;
    if (runs.length < 2) return;
    const rows = rowsOf(runs);
    const names = runs.map(({ view }) => visibleText(view.name, LONGEST));
    const said = JSON.stringify([names, rows]);
    if (said === this.said) return;
    this.said = said;
    const heads = names.map((name, i) => {
      const { colour, dash } = curveDress(i);
      const ink = make('i', { className: dash ? 'dashed' : '' });
      ink.style.setProperty('--colour', `var(${colour})`);
      return make('th', { scope: 'col', title: name }, make('span', {}, ink, name));
    });
    const body = rows.map(([name, ...values]) =>
      make(
        'tr',
        {},
        make('th', { scope: 'row', title: name }, make('span', {}, ...breakable(name))),
        ...values.map((value) => make('td', { title: value }, make('span', {}, value))),
      ),
    );
    const head = make('tr', {}, make('td'), ...heads);
    this.host.replaceChildren(make('table', {}, make('thead', {}, head), make('tbody', {}, ...body)));
  }
}

/** A name that goes on in a new line after a dot, as those of settings have them. */
function breakable(name: string): readonly (Node | string)[] {
  return name.split(/(?<=\.)/).flatMap((part, i) => (i === 0 ? [part] : [make('wbr'), part]));
}

/** Of each row its name, and a value a run. */
function rowsOf(runs: readonly WatchedRun[]): readonly (readonly string[])[] {
  const row = (name: string, value: (run: WatchedRun) => string) => [name, ...runs.map(value)];
  const measured = (value: number | null) => (value === null ? '–' : shortNumber(value));
  const results = namesOf(runs.map(({ view }) => view.results));
  const settings = namesOf(runs.map(({ view }) => view.settings)).filter(
    (key) => new Set(runs.map(({ view }) => own(view.settings, key))).size > 1,
  );
  /** Their results tell the same, of all examples. */
  const areOver = runs.every(({ view }) => Object.hasOwn(view.results, 'cost'));
  const shown = (value: string | undefined) => (value === undefined ? '–' : visibleText(value, LONGEST));
  return [
    row('state', ({ view }) => view.state),
    row('done', (run) => {
      const share = shareDone(run);
      return share === null ? '–' : percent(share);
    }),
    ...settings.map((key) => row(visibleText(key, LONGEST), ({ view }) => shown(own(view.settings, key)))),
    ...(areOver
      ? []
      : [
          row('J now', ({ history }) => measured(history.last?.cost ?? null)),
          row('validation now', ({ history }) => measured(history.latest('validation'))),
        ]),
    ...results.map((key) => row(visibleText(key, LONGEST), ({ view }) => shown(own(view.results, key)))),
  ].slice(0, MOST_ROWS);
}

function own(record: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function namesOf(records: readonly Readonly<Record<string, string>>[]): string[] {
  return [...new Set(records.flatMap((record) => Object.keys(record)))];
}
