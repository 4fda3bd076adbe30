import { LIMIT } from '../../proof/limits.ts';
import { make } from '../components/find.ts';
import type { Proof } from './prove.ts';

/** What a gradient check came to, in words and a table of the parameters. */
export function showVerdict(host: HTMLElement, proof: Proof | null): void {
  if (proof === null) {
    host.replaceChildren(make('p', {}, 'The check was ended before it was done.'));
    return;
  }
  const { error, moved, numbers, examples, seconds, bug, parameters } = proof;
  const passed = error <= LIMIT;
  const verdict = make(
    'span',
    { className: passed ? 'good' : 'bad' },
    passed ? 'The gradient is right' : 'The gradient is wrong',
  );
  const all = moved === numbers ? `all ${numbers}` : `${moved} of ${numbers}`;
  const said = `: ‖n − a‖/‖n + a‖ = ${error.toExponential(1)}, ${passed ? 'at most' : 'above'} 10⁻⁸. `;
  const how = `${all} numbers of θ were moved, on ${examples} examples, in ${seconds.toFixed(1)} s.`;
  const planted =
    bug === null ? '' : ` Planted: ${bug}. The check ${passed ? 'missed it' : 'caught it'}; it hurts what is marked ✗.`;
  const rows = parameters.map((one) => {
    const fine = one.error <= LIMIT;
    const mark = make('span', { className: fine ? 'good' : 'bad' }, fine ? '✓ right' : '✗ wrong');
    return make(
      'tr',
      {},
      make('td', {}, one.parameter),
      make('td', {}, one.moved === one.numbers ? `${one.numbers}` : `${one.moved} of ${one.numbers}`),
      make('td', {}, one.error.toExponential(1)),
      make('td', {}, mark),
    );
  });
  const head = make('tr', {}, ...['parameter', 'moved', 'error', ''].map((text) => make('th', { scope: 'col' }, text)));
  const table = make('table', {}, make('thead', {}, head), make('tbody', {}, ...rows));
  host.replaceChildren(make('p', {}, verdict, said, how, planted), table);
}
