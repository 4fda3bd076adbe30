import { InputError } from '../../errors.ts';
import type { Stage } from '../../training/fit-classifier.ts';
import type { SourcePlan } from '../../training/run.ts';
import type { EngineFlags } from '../flags/engine-flags.ts';
import type { ReadFlags } from '../flags/read-flags.ts';
import type { SplitFlags } from './classify-data.ts';

export interface ClassifyFlags extends EngineFlags, ReadFlags, SplitFlags {
  columns?: (string | number)[];
  without?: (string | number)[];
  image?: SourcePlan['image'];
  on?: string;
  labels?: string;
  classes?: number[];
  limit?: number;
  finetune: 'none' | 'all' | 'staged';
  iterations: number;
  finetuneIterations: number;
  weightDecay: number;
  hiddenWeightDecay: number;
  precision?: 'float32' | 'float64';
  seed?: number;
  out?: string;
  force?: boolean;
  json?: boolean;
}

/** Refuses flags that another one leaves nothing to do. @throws InputError naming the first. */
export function checkFlags(flags: ClassifyFlags): void {
  for (const [flag, value, needed] of [
    ['--test-labels', flags.testLabels, flags.test],
    [
      '--hidden-weight-decay',
      flags.hiddenWeightDecay || undefined,
      flags.finetune === 'none' ? undefined : flags.finetune,
    ],
  ]) {
    if (value === undefined || needed !== undefined) continue;
    throw new InputError(
      `${flag} is ${value} without ${flag === '--test-labels' ? '--test' : '--finetune'}: add it, or leave it out`,
    );
  }
  if (flags.labels !== undefined && flags.labelColumn !== undefined) {
    throw new InputError('--labels and --label-column are both given: leave one out');
  }
  const { precision, columns, without, decimal, header, delimiter, image } = flags;
  for (const [flag, value] of Object.entries({ precision, columns, without, decimal, header, delimiter, image })) {
    if (value === undefined || flags.on === undefined) continue;
    throw new InputError(`--${flag} is ${value} with --on, whose model has its own: leave it out`);
  }
}

/** Softmax first; then everything, or the top layer and then everything. */
export function schedule(flags: ClassifyFlags, layers: number): [Stage, number][] {
  const first: [Stage, number] = ['softmax', flags.iterations];
  const n = flags.finetuneIterations;
  if (flags.finetune === 'none') return [first];
  if (layers === 0)
    throw new InputError('--finetune without --on: there are no hidden layers to fine-tune; name a run');
  return flags.finetune === 'all' ? [first, ['all', n]] : [first, ['top', n], ['all', n]];
}
