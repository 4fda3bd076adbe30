import { termColours } from './colours.ts';

/** One bar of parts that make up 100%, and a list that names them. */
export class ShareBars {
  private readonly bar: HTMLElement;
  private readonly list: HTMLElement;

  constructor(bar: HTMLElement, list: HTMLElement) {
    this.bar = bar;
    this.list = list;
  }

  draw(shares: readonly { readonly term: string; readonly norm: number }[]): void {
    const sum = shares.reduce((total, { norm }) => total + norm, 0) || 1;
    this.bar.replaceChildren(
      ...shares.map(({ term, norm }) => {
        const part = document.createElement('span');
        part.style.width = `${(100 * norm) / sum}%`;
        part.style.background = termColours[term] ?? 'gray';
        return part;
      }),
    );
    this.list.replaceChildren(
      ...shares.map(({ term, norm }) => {
        const item = document.createElement('li');
        const dot = document.createElement('i');
        dot.style.background = termColours[term] ?? 'gray';
        item.append(dot, `${term} ${((100 * norm) / sum).toFixed(norm / sum < 0.0995 ? 1 : 0)}%`);
        return item;
      }),
    );
  }
}
