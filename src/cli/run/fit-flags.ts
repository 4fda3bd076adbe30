import { InputError } from '../../errors.ts';
import type { Schedule } from '../../optimizers/schedule.ts';
import { type OptimizerConfig, optimizers } from '../../optimizers/table.ts';
import type { Run } from '../../training/run.ts';
import { optimizerKinds, specFromFlags } from '../flags/part-flags.ts';
import { rulesFromFlags } from './rule-flags.ts';

/** What shapes how a model is trained; flags of the optimizer stand beside them: see part-flags.ts. */
export interface FitFlags {
  optimizer?: string;
  epochs?: number;
  batchSize?: number;
  penaltyWarmup?: number;
  clipNorm?: number;
  resampleEvery?: number;
  patience?: number;
  minDelta?: number;
  keep?: 'best' | 'last';
}

/** How long and by what optimizer, with what rules: the base's, each flag replacing its part. @throws InputError naming the flag. */
export function fitOptions(base: Run['fit'], flags: FitFlags): Run['fit'] {
  const kind = flags.optimizer ?? base.optimizer?.kind ?? 'adam';
  const optimizer = specFromFlags(
    optimizerKinds,
    kind,
    flags,
    base.optimizer,
    `--optimizer ${kind}`,
  ) as unknown as OptimizerConfig;
  if ('learningRate' in optimizer) Object.assign(optimizer, { learningRate: shaped(base, optimizer.learningRate) });
  if (optimizers[optimizer.kind]?.data === 'whole') {
    const { epochs, batchSize, penaltyWarmup, clipNorm, resampleEvery } = flags;
    const typed = {
      ...{ '--epochs': epochs, '--batch-size': batchSize, '--penalty-warmup': penaltyWarmup },
      ...{ '--clip-norm': clipNorm, '--resample-every': resampleEvery },
    };
    const [flag, value] = Object.entries(typed).find(([, n]) => n !== undefined) ?? [];
    if (flag === undefined) return { optimizer, ...stopping(base, flags) };
    throw new InputError(
      `${flag} is ${value} with --optimizer ${kind}, which uses the whole set at every step: leave it out, or choose another --optimizer`,
    );
  }
  const rules = rulesFromFlags(base.rules, flags);
  const penaltyWarmup = flags.penaltyWarmup ?? base.penaltyWarmup;
  return {
    optimizer,
    ...stopping(base, flags),
    ...(rules.length > 0 ? { rules } : {}),
    ...(penaltyWarmup === undefined ? {} : { penaltyWarmup }),
    epochs: flags.epochs ?? base.epochs ?? 20,
    batchSize: flags.batchSize ?? base.batchSize ?? 100,
  };
}

/** When training ends early, and which parameters it ends with. @throws InputError for one flag that needs another. */
function stopping(base: Run['fit'], { patience, minDelta, keep }: FitFlags): Pick<Run['fit'], 'stop' | 'keep'> {
  if (minDelta !== undefined && patience === undefined && base.stop === undefined) {
    throw new InputError(`--min-delta is ${minDelta} without --patience: add it, or leave it out`);
  }
  const asked = {
    ...base.stop,
    ...(patience !== undefined && { patience }),
    ...(minDelta !== undefined && { minDelta }),
  };
  const { patience: epochs } = asked;
  const kept = keep ?? base.keep;
  return { ...(epochs === undefined ? {} : { stop: { ...asked, patience: epochs } }), ...(kept ? { keep: kept } : {}) };
}

/** A learning rate that was typed takes the place of the base's value: its warm-up and decay stay. */
function shaped({ optimizer }: Run['fit'], rate: Schedule): Schedule {
  const given = optimizer !== undefined && 'learningRate' in optimizer ? optimizer.learningRate : rate;
  return typeof rate === 'number' && typeof given === 'object' && 'value' in given ? { ...given, value: rate } : rate;
}
