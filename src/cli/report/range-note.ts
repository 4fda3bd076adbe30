import type { AnyNumbers, View } from '../../array/matrix.ts';
import { round, unscaled } from '../../data/preprocessing/column-scale.ts';
import type { Activation } from '../../kernels/activations/activation.ts';
import { activations } from '../../kernels/activations/table.ts';
import type { FullConfig } from '../../model/config.ts';
import { scaleOf } from '../run/scale-of.ts';

/** Where an activation says nothing of its range. */
const EVERY_NUMBER = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;

/**
 * A line for training examples that the output units cannot reach, or whose columns keep unbounded ones from learning;
 * null for others. Training goes on, as a caller may know better; cross-entropy refuses what it cannot take.
 */
export function rangeNote({ output, loss, center }: FullConfig, x: View<AnyNumbers>): string | null {
  if (loss === 'cross-entropy') return null;
  const scale = scaleOf(x);
  const [low, high] = scale.range;
  const table: Readonly<Record<string, Activation>> = activations;
  const [least, most] = table[output].range ?? EVERY_NUMBER;
  const problem = center === false ? unscaled(scale) : outOfScale(scale.deviation);
  const standardize = problem === null ? '' : '--preprocess standardize';
  if (low < least || high > most) {
    const to = most === Number.POSITIVE_INFINITY ? 'upwards' : `to ${most}`;
    const flags = `--output linear${standardize && ` ${standardize}`}`;
    return `the data go from ${round(low)} to ${round(high)}, ${output} outputs from ${least} ${to}: use ${flags}`;
  }
  return problem !== null ? `${problem}: use ${standardize}` : null;
}

/** A centred dictionary takes columns of any mean and of several scales; its biases move by steps made for deviations about 1. */
function outOfScale(deviation: number): string | null {
  const fits = deviation === 0 || (deviation >= LEAST && deviation <= 1 / LEAST);
  return fits ? null : `the columns' standard deviations are about ${round(deviation)}`;
}

const LEAST = 0.01;
