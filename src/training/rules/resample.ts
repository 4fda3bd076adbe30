import * as v from 'valibot';
import { vectorView } from '../../array/matrix.ts';
import { InputError } from '../../errors.ts';
import { createSilence } from '../../layers/silence.ts';
import { positive, positiveInteger } from '../../validate.ts';
import { dictionaryOf } from './dictionary-weights.ts';
import { createDraw, rowOf } from './draw-examples.ts';
import type { RuleKind, RuleParameter } from './rule.ts';

/** Dead units begin anew, at examples that the others reconstruct badly. */
export interface ResampleSpec {
  /** Of the rule. */
  readonly kind: 'resample';
  /** Steps from one resampling to the next. Default 25,000. */
  readonly every?: number | undefined;
  /** How often, at most. Default 4. */
  readonly times?: number | undefined;
  /** Examples without a ≠ 0 after which a unit is dead. Default those of every/2 steps. */
  readonly deadAfter?: number | undefined;
  /** How many examples are drawn from, the last before a resampling. Default 819,200; never more than `every` steps have. */
  readonly examples?: number | undefined;
  /** ‖Wⱼ‖ of a new unit over the mean ‖W‖ of the living. Default 0.2. */
  readonly scale?: number | undefined;
}

/**
 * After every `every`-th step each dead unit j takes one of the last `examples` x, drawn with replacement in proportion to
 * L², L = ‖x − x̂‖². With v = x − c where the encoder is centred and v = x elsewhere: Dⱼ = v/‖v‖, Wⱼ = scale·n̄·Dⱼ, n̄ the mean
 * of ‖W‖ over the living (over all, where none lives), bⱼ = 0; what the optimizer keeps of the three becomes 0. `drawn` takes
 * 8·h·d bytes. [Bricken et al., Anthropic, October 2023, "Neuron resampling": every 25,000 steps, four times, 12,500 steps
 * without firing, 819,200 inputs, 0.2]
 */
export const resample: RuleKind<ResampleSpec> = {
  schema: v.strictObject({
    kind: v.literal('resample'),
    every: v.optional(positiveInteger()),
    times: v.optional(positiveInteger()),
    deadAfter: v.optional(positiveInteger()),
    examples: v.optional(positiveInteger()),
    scale: v.optional(positive()),
  }),
  flags: {
    every: {
      flag: '--resample-every <steps>',
      takes: 'whole',
      says: 'dead units begin anew at examples that are reconstructed badly',
      implies: true,
    },
  },

  tensors(_, parameters) {
    const { shape } = dictionaryOf('resample', parameters);
    return [
      { name: 'examplesSinceFired', shape: [shape[0]], role: 'run-state', range: [0, Number.MAX_VALUE] },
      { name: 'drawn', shape, role: 'run-state' },
      { name: 'mass', shape: [1], role: 'run-state', range: [0, Number.MAX_VALUE] },
    ];
  },

  create({ every = 25_000, times = 4, deadAfter, examples = 819_200, scale = 0.2 }, place) {
    const { k, storage, parameters, group, centred, batchSize } = place;
    if (place.transcoder) {
      throw new InputError(
        'rule "resample" gives rows of D the direction of an input, which is none of the target of a transcoder: use auxiliary: { kind: "aux-k" }, or leave it out',
      );
    }
    const D = dictionaryOf('resample', parameters);
    const [units, d] = D.value.shape;
    const named = (name: string) => parameters.find((parameter) => parameter.name === name) as RuleParameter;
    const [W, c] = [named('encoder.weight'), named('decoder.bias')];
    const b = named('encoder.bias') ?? named('encoder.gate.bias');
    const anew = [W, D, b].flatMap((parameter) => place.moments(parameter));
    const silence = createSilence({ ...place, units });
    const drawn = place.state('drawn');
    const limit = deadAfter ?? Math.ceil(every / 2) * batchSize;
    const window = Math.min(every, Math.ceil(examples / batchSize)); // steps
    const draw = createDraw(place, drawn, place.state('mass'));
    const squares = vectorView(storage.allocate(units)); // ‖W‖²

    async function resampleDead(): Promise<void> {
      const since = await k.copyOut(silence.silence);
      k.rowSquaredNorms(squares, W.value);
      const norms = Array.from(await k.copyOut(squares), Math.sqrt);
      const living = norms.filter((_, j) => since[j] < limit);
      const counted = living.length > 0 ? living : norms;
      const norm = scale * (counted.reduce((sum, n) => sum + n, 0) / counted.length);
      for (let j = 0; j < units; j++) {
        if (since[j] < limit) continue;
        const [row, weight, x] = [D.value, W.value, drawn].map((matrix) => rowOf(matrix, j));
        k.blend(row, x, 1, x, 0);
        if (centred) k.axpy(row, -1, c.value); // v = x − c
        k.normalizeRows({ ...row, shape: [1, d], stride: [d, row.stride[0]] });
        k.fill(weight, 0);
        k.axpy(weight, norm, row);
        for (const view of [b.value, ...anew]) k.fill(rowOf(view, j), 0);
        k.write(rowOf(silence.silence, j), [0]);
      }
    }

    return {
      async after(now) {
        const { step, examples: m, pass } = now;
        silence.count({ code: pass.codes[0] });
        await group.sum(k, silence.counts);
        silence.find({ m });
        silence.advance();
        if (step > every * times) return;
        const left = (every - (step % every)) % every; // steps to the next resampling
        if (left >= window) return;
        if (left === window - 1) draw.begin();
        await draw.from(now);
        if (left === 0 && (await draw.any())) await resampleDead();
      },
    };
  },
};
