import { ruleY } from '@observablehq/plot';
import { activityHistogram, panels } from '../../../src/figures/index.ts';
import { type Line, lineChart } from '../../../src/figures/line-chart.ts';
import { linearAxis, shortNumber, wholeTicks } from '../../../src/figures/ticks.ts';
import { mean, nearZero, type Snapshot, silent, weightHistogram } from './penalties-snapshot.ts';

/** A penalty, and what it made of the same start after more and more epochs, from 0 on. */
export interface Penalized {
  readonly name: string;
  readonly color: string;
  readonly snapshots: readonly Snapshot[];
}

const PANEL = { width: 360, height: 270 };
const COLUMNS = 3;

export function last({ snapshots }: Penalized): Snapshot {
  return snapshots[snapshots.length - 1];
}

/** Histograms of all weights beside each other. */
export function weightPanels(all: readonly Penalized[]): string {
  const figures = all.map((one) =>
    activityHistogram(weightHistogram(last(one)), {
      ...PANEL,
      title: one.name,
      xLabel: 'weight',
      yLabel: `weights; ${shortNumber(nearZero(last(one)), 2)}% below 1e-3 of the largest`,
    }),
  );
  return panels(figures, { columns: COLUMNS });
}

/** Histograms of all activations beside each other. */
export function activationPanels(all: readonly Penalized[]): string {
  const figures = all.map((one) =>
    activityHistogram(last(one).activations, {
      ...PANEL,
      title: one.name,
      yLabel: `activations; ${shortNumber(silent(last(one)), 2)}% below 1/64`,
    }),
  );
  return panels(figures, { columns: COLUMNS });
}

/** The mean of all activations over the epochs, a line for each penalty. */
export function meanActivationLines(all: readonly Penalized[], target: number): string {
  return lineChart({
    title: 'Mean activation in training',
    xLabel: 'epoch',
    yLabel: 'mean activation over examples and units',
    x: epochs(all),
    y: linearAxis(0, 1),
    lines: all.map((one) => path(one, ({ rho }) => mean(rho))),
    marks: [ruleY([target], { strokeDasharray: '5,4', strokeOpacity: 0.6 })],
  });
}

/** What a penalty alone does to weights: the mean size of those that the loss does not move. */
export function unseenLines(all: readonly Penalized[]): string {
  const lines = all.map((one) => path(one, ({ unseen }) => unseen));
  return lineChart({
    title: 'Weights that the penalty alone moves',
    xLabel: 'epoch',
    yLabel: 'mean |w| over the weights of pixels that are 0 in every digit',
    x: epochs(all),
    y: linearAxis(0, Math.max(...lines.flatMap(({ pieces }) => pieces[0].map(([, y]) => y)))),
    lines,
  });
}

function epochs([one]: readonly Penalized[]) {
  const end = last(one).epochs;
  return { type: 'linear', domain: [0, end], ticks: wholeTicks(0, end), label: String } as const;
}

function path({ name, color, snapshots }: Penalized, height: (snapshot: Snapshot) => number): Line {
  const points = snapshots.map((one) => [one.epochs, height(one)] as const);
  return { name: `${name}: ${shortNumber(points[points.length - 1][1], 2)}`, color, pieces: [points], dots: points };
}
