import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bestTable, isOfDictionary, limitsTables } from '../../bench/reproduce/dictionaries.ts';
import type { Figure, Outcome } from '../../bench/reproduce/row.ts';

const figure = (what: string, published: Figure['published'], ours: number[], atLeast?: number): Figure => ({
  what,
  unit: '',
  published,
  ours,
  ...(atLeast === undefined ? {} : { target: { atLeast } }),
});

/** As the row dictionary-toys writes them: L0 as a distance, references as text. */
const toys = (name: string, mcc: number, reference: number): Figure[] => [
  { what: `\`mini\`, ${name}: L0, off PyTorch's`, unit: '%', published: 'L0 = 4.26', ours: [2.5], note: 'L0 = 4.15' },
  figure(`\`mini\`, ${name}: EV`, '0.905, least 0.904', [0.9], 0.9),
  figure(`\`mini\`, ${name}: MCC`, `${reference}, least 0.5`, [mcc - 0.01, mcc + 0.01], 0.6),
];

const outcome = (figures: Figure[]): Outcome => ({ figures, pictures: [], remarks: [] });

test('dictionaries: figures of one are told from others by their form', () => {
  assert.ok(toys('TopK, k = 5', 0.7, 0.66).every(isOfDictionary));
  assert.ok(isOfDictionary(figure('JumpReLU: F1', 0.4, [0.5])));
  assert.not.ok(isOfDictionary(figure('`mini`: MCC, Matryoshka − BatchTopK', 0.02, [0.03])));
  assert.not.ok(isOfDictionary(figure('test error, one layer', 1.08, [1.3])));
});

test('dictionaries: a line each, ours beside the reference, with the limits that hold and those missed', () => {
  const [table] = limitsTables(outcome([...toys('TopK, k = 5', 0.7, 0.66), ...toys('L1', 0.5, 0.64)]));
  assert.equal(table.head, ['`mini`', 'L0', 'EV', 'MCC', 'limits held']);
  assert.equal(table.rows, [
    ['TopK, k = 5', '4.15 (4.26)', '0.900 (0.905)', '0.700 ± 0.014 (0.660)', '2 of 2'],
    ['L1', '4.15 (4.26)', '0.900 (0.905)', '0.500 ± 0.014 (0.640)', '1 of 2, **missed:** MCC ≥ 0.6'],
  ]);
});

test('dictionaries: the three whose reference has the highest MCC, above it or not', () => {
  const figures = [toys('a', 0.7, 0.66), toys('b', 0.5, 0.64), toys('c', 0.9, 0.5), toys('d', 0.72, 0.72)].flat();
  const paper = [figure('TopK: MCC', 0.7, [0.71]), figure('TopK: L0', 25, [25.2])];
  const table = bestTable(
    new Map([
      ['toys', outcome(figures)],
      ['other', outcome([figure('error', 1, [1])])],
      ['paper', outcome(paper)],
    ]),
  );
  const lines = table?.rows.map((cells) => [cells[0], cells.at(-1)]);
  assert.equal(lines, [
    ['[`mini`](#toys) d', 'level: MCC; **below: EV**'],
    ['[`mini`](#toys) a', 'MCC; **below: EV**'],
    ['[`mini`](#toys) b', '**below: EV, MCC**'],
    ['[`paper`](#paper) TopK', 'MCC'],
  ]);
  assert.is(table?.rows[3][1], '25.20 (25.00)');
  assert.is(table?.note, 'Above the reference in MCC: 1 of 3 on `mini`, 1 of 1 on `paper`.');
});

test('dictionaries: without data set, limits and a figure of L0: its note says it', () => {
  const noted: Figure = { ...figure('TopK: F1', 0.8, [0.5, 0.7]), note: 'L0 = 24.60' };
  const [table] = limitsTables(outcome([noted]));
  assert.equal(
    [table.head, ...table.rows],
    [
      ['dictionary', 'L0', 'F1'],
      ['TopK', '24.60', '0.600 ± 0.141 (0.800)'],
    ],
  );
});

test('dictionaries: none where no row has any', () => {
  assert.is(bestTable(new Map([['one', outcome([figure('error', 1, [1])])]])), null);
});

test.run();
