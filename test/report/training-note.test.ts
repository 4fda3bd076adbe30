import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type AutoencoderConfig, parseConfig } from '../../src/model/config.ts';
import { trainingNote } from '../../src/report/training-note.ts';

const kl = { kind: 'kl', target: 0.05, weight: 3 } as const;
interface Given {
  costs: number[];
  unexplained?: number;
  mean?: number;
  model?: Partial<AutoencoderConfig>;
  optimizer?: string;
  dataNote?: string;
  penalty?: number;
}

/** The note of a run with these costs, an entry an epoch. */
function note({ costs, unexplained = 0.9, mean = 0.05, model, optimizer = 'adam', dataNote, penalty = 0 }: Given) {
  return trainingNote({
    metrics: { varianceUnexplained: unexplained, meanActivations: [mean] },
    model: parseConfig({ inputs: 4, hidden: 30, sparsity: kl, ...model }),
    history: costs.map((cost, i) => {
      const terms = { reconstruction: (1 - penalty) * cost, sparsity: penalty * cost };
      return { epoch: i + 1, step: 10 * (i + 1), cost, terms };
    }),
    interrupted: false,
    run: { fit: { optimizer: { kind: optimizer } } },
    ...(dataNote ? { dataNote } : {}),
  });
}
const little = '90% of the variance is unexplained';
const falling = Array.from({ length: 20 }, (_, i) => 100 * 0.97 ** i);
const level = falling.map((cost, i) => (i < 15 ? cost : falling[15]));

test('more steps are advised only where the cost still fell over the last tenth of the run', () => {
  assert.is(
    note({ costs: falling }),
    `${little}: the cost still fell by 5.9% over the last 2 of 20 epochs, so more of them (--epochs) lower it further`,
  );
  assert.match(
    note({ costs: falling, optimizer: 'lbfgs' }) ?? '',
    /2 of 20 iterations, so more of them \(--iterations\)/,
  );
  assert.is(note({ costs: level }), `${little}: the cost was level over the last 2 of 20 epochs`);
  assert.is(note({ costs: [...level, 50, 60, 90] }), `${little}: the cost rose by 80% over the last 2 of 23 epochs`);
  assert.is(note({ costs: [5] }), little, 'one entry measures no change');
});

test('data that the outputs cannot reach are named instead of steps, and penalties where they are most of a level cost', () => {
  const dataNote = 'the data go from 3 to 9, sigmoid outputs from 0 to 1: use --output linear';
  assert.is(note({ costs: falling, dataNote }), `${little}: ${dataNote}`);
  assert.match(
    note({ costs: level, penalty: 0.97 }) ?? '',
    /level over the last 2 of 20 epochs, and penalties are 97% of it:/,
  );
});

test('a cost that rises while k is annealed is no sign, and a run that learnt is not spoken of', () => {
  const model = { sparsity: { kind: 'k-sparse', k: 10, annealOver: 1 } } as const;
  assert.is(note({ costs: [...level].reverse(), model }), little);
  const half = { sparsity: { kind: 'k-sparse', k: 10 } } as const;
  assert.match(note({ costs: falling, model: half }) ?? '', /still fell by 5\.9%/);
  assert.is(note({ costs: falling, unexplained: 0.5 }), null);
  assert.is(
    note({ costs: falling, unexplained: 0.5, mean: 0.11 })?.startsWith(
      'the mean activation is 0.11, its target 0.05: ',
    ),
    true,
  );
  assert.is(note({ costs: [] }), null);
});

test.run();
