import { make } from './find.ts';

/** Pixels that a number over a column needs. */
const HEAD = 34;

/** Names beside the rows of a matrix and numbers over its columns; the matrix itself goes into `slot`. It scrolls where it is wide. */
export class HeatFrame {
  readonly slot = make('div', { className: 'slot' });
  private readonly host: HTMLElement;
  private readonly names = make('ul', { className: 'names' });
  private readonly heads = make('div', { className: 'heads' });
  private texts: readonly string[] = [];
  private said = '';

  constructor(host: HTMLElement, label: string) {
    this.host = host;
    host.classList.add('heat');
    host.tabIndex = 0;
    host.setAttribute('role', 'group');
    host.setAttribute('aria-label', label);
    this.heads.setAttribute('aria-hidden', 'true');
    host.replaceChildren(make('div', { className: 'corner' }), this.heads, this.names, this.slot);
    new ResizeObserver(() => this.space()).observe(this.slot);
  }

  /** Names of the rows, numbers of the columns; `least` pixels for a column. */
  draw(names: readonly string[], heads: readonly string[], least = 14): void {
    const said = JSON.stringify([names, heads]);
    if (said === this.said) return;
    this.said = said;
    this.texts = heads;
    this.names.replaceChildren(...names.map((name) => make('li', { title: name }, name)));
    this.host.style.setProperty('--rows', `${names.length}`);
    this.host.style.setProperty('--columns', `${heads.length}`);
    this.host.style.setProperty('--least', `${least}px`);
    this.space();
  }

  /** Numbers over as many columns as there is room for. */
  private space(): void {
    const n = this.texts.length;
    const width = this.slot.clientWidth / Math.max(1, n);
    let free = 0;
    const spans = this.texts.flatMap((text, i) => {
      const middle = (i + 0.5) * width;
      if (text === '' || middle < free) return [];
      free = middle + HEAD;
      const span = make('span', {}, text);
      span.style.left = `${middle}px`;
      return [span];
    });
    this.heads.replaceChildren(...spans);
  }
}
