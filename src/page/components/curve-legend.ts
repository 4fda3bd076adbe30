import type { Point } from '../../figures/thin.ts';
import { shortNumber } from '../../figures/ticks.ts';
import { make } from './find.ts';

/** What a legend says of a curve. */
export interface Entry {
  readonly name: string;
  readonly colour: string;
  readonly dash?: readonly number[];
  readonly points: readonly Point[];
}

/**
 * Names, and values: the last ones, or those under the cursor. A press on a name takes its curve away, or brings it back. A curve
 * alone has its value only; a short legend has names for those alone who hear it.
 */
export class CurveLegend {
  private readonly host: HTMLElement;
  private readonly changed: () => void;
  private readonly isShort: boolean;
  private readonly hidden = new Set<string>();
  private entries: readonly Entry[] = [];
  private values: readonly HTMLElement[] = [];
  private readonly where = make('span', { className: 'where' });
  private xLabel = '';
  private dress = '';

  constructor(host: HTMLElement, isShort: boolean, changed: () => void) {
    this.host = host;
    this.isShort = isShort;
    host.classList.toggle('short', isShort);
    this.changed = changed;
  }

  name(entries: readonly Entry[], xLabel: string): void {
    this.entries = entries;
    this.xLabel = xLabel;
    const dress = JSON.stringify(entries.map(({ name, colour, dash }) => [name, colour, dash]));
    if (dress === this.dress) return;
    this.dress = dress;
    this.values = entries.map(() => make('b'));
    const isAlone = this.isShort && entries.length === 1;
    const items = entries.map((entry, i) =>
      make('li', {}, isAlone ? this.values[i] : this.button(entry, this.values[i])),
    );
    this.host.replaceChildren(...items, ...(this.isShort ? [] : [make('li', {}, this.where)]));
  }

  /** Whether the i-th curve has not been taken away. */
  isShown(i: number): boolean {
    return !this.hidden.has(this.entries[i].name);
  }

  /** Reads the curves at x, or their ends. */
  read(x: number | null): void {
    this.where.textContent = x === null ? '' : `at ${this.xLabel} ${x >= 100 ? Math.round(x) : shortNumber(x, 3)}`;
    for (const [i, { points }] of this.entries.entries()) {
      const value = points.length === 0 ? null : x === null ? points[points.length - 1][1] : valueAt(points, x);
      const says = value === null ? '–' : shortNumber(value);
      if (this.values[i].textContent !== says) this.values[i].textContent = says;
    }
  }

  private button({ name, colour, dash }: Entry, value: HTMLElement): HTMLButtonElement {
    const ink = make('i', { className: dash ? 'dashed' : '' });
    ink.style.setProperty('--colour', `var(${colour})`);
    const button = make('button', { type: 'button', title: name }, ink, make('span', {}, name), ' ', value);
    button.setAttribute('aria-pressed', `${!this.hidden.has(name)}`);
    button.addEventListener('click', () => {
      if (!this.hidden.delete(name)) this.hidden.add(name);
      button.setAttribute('aria-pressed', `${!this.hidden.has(name)}`);
      this.changed();
    });
    return button;
  }
}

/** y of the last point that is not beyond x; null before the first. */
function valueAt(points: readonly Point[], x: number): number | null {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle][0] <= x) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? null : points[low - 1][1];
}
