import type { Numbers, Precision } from '../../array/matrix.ts';
import { InputError, show } from '../../errors.ts';
import { activationOf, isTied, sparsitiesOf } from '../../model/config.ts';
import type { Parameters } from '../../model/parameter-access.ts';
import type { SavedModel } from '../../training/model-file.ts';

/** What switches units off: a from z = u + bias, u = (x − c·[centred])Wᵀ. */
export type PlainUnits =
  | { readonly kind: 'relu' }
  /** relu(z) at the k largest z of an example. */
  | { readonly kind: 'top-k'; readonly k: number }
  /** z·[z > threshold], threshold ≥ 0. */
  | { readonly kind: 'threshold'; readonly threshold: Numbers }
  /** [z > 0]·relu(eʳ ⊙ u + magnitudeBias), r the scale. */
  | { readonly kind: 'gated'; readonly magnitudeBias: Numbers; readonly scale: Numbers };

/** What a dictionary computes, as arrays: all that other libraries can be told. x̂ = a·D + c (+ x·Sᵀ). */
export interface PlainDictionary {
  readonly precision: Precision;
  readonly inputs: number;
  readonly targets: number;
  readonly latents: number;
  /** W (latents, inputs). */
  readonly encoder: Numbers;
  /** (latents); the gate's, of gated units. */
  readonly bias: Numbers;
  /** D (latents, targets). */
  readonly decoder: Numbers;
  /** c (targets). */
  readonly decoderBias: Numbers;
  /** S (targets, inputs). */
  readonly skip: Numbers | null;
  /** Whether the encoder sees x − c. */
  readonly centred: boolean;
  readonly units: PlainUnits;
}

/** @throws InputError where a model is no dictionary as other libraries have them: what it is, and what would do. */
export function plainDictionary(saved: Pick<SavedModel, 'model'>, parameters: Parameters, threshold: number) {
  const { config, engine } = saved.model;
  const { hidden, output, precision, inputs, targets, skip, center } = config;
  if (hidden.length > 1) {
    throw new InputError(
      `the model has ${hidden.length} hidden layers, and a dictionary has one: export a model of one hidden layer`,
    );
  }
  const f = activationOf(config, 0);
  const [layer] = engine.spec.layers;
  const { kind } = layer.choice.spec;
  if (kind === 'k-sparse' && f === 'linear') {
    throw new InputError(
      'config.sparsity is k-sparse with linear units, whose survivors may be negative, and those of other libraries are not: train with sparsity "top-k"',
    );
  }
  if (f !== 'relu') {
    throw new InputError(
      `config.activation is ${show(f)}: units of other libraries' dictionaries are those of relu: train with activation "relu"`,
    );
  }
  if (output !== 'linear') {
    throw new InputError(
      `config.output is ${show(output)}: other libraries' dictionaries have linear outputs: train with output "linear"`,
    );
  }
  const take = (name: string) => {
    const { data, offset, size } = parameters[name];
    return data.subarray(offset, offset + size) as Numbers;
  };
  const plain: PlainDictionary = {
    precision,
    inputs,
    targets,
    latents: hidden[0],
    encoder: take('encoder.weight'),
    bias: take(kind === 'gated' ? 'encoder.gate.bias' : 'encoder.bias'),
    decoder: take(isTied(config, 0) ? 'encoder.weight' : 'decoder.weight'),
    decoderBias: take('decoder.bias'),
    skip: skip ? take('skip.weight') : null,
    centred: center !== false,
    units: unitsOf(),
  };
  return plain;

  function unitsOf(): PlainUnits {
    const spec = sparsitiesOf(config).find((sparsity) => sparsity.kind === kind);
    if (kind === 'elementwise') return { kind: 'relu' };
    if (spec?.kind === 'top-k') return { kind: 'top-k', k: spec.k };
    if (spec?.kind === 'k-sparse') {
      if ((spec.alpha ?? 1) === 1) return { kind: 'top-k', k: spec.k };
      throw new InputError(
        `config.sparsity.alpha is ${spec.alpha}: encoding then keeps other units than reconstruction, which other libraries cannot: use alpha 1`,
      );
    }
    if (spec?.kind === 'batch-top-k') {
      return { kind: 'threshold', threshold: take('encoder.bias').slice().fill(floorTo(precision, threshold)) };
    }
    if (spec?.kind === 'jump-relu') {
      const log = spec.parameter === 'log';
      const theta = take('encoder.threshold').map((p: number) => (log ? Math.exp(p) : Math.max(p, 0)));
      return { kind: 'threshold', threshold: theta };
    }
    if (spec?.kind === 'gated') {
      return { kind: 'gated', magnitudeBias: take('encoder.magnitude.bias'), scale: take('encoder.magnitude.scale') };
    }
    throw new InputError(
      `config.sparsity is ${show(kind)}: no other library has units of that kind: export another model`,
    );
  }
}

/** The largest number of the precision that is not above t: the same activations are above it. */
export function floorTo(precision: Precision, t: number): number {
  if (precision === 'float64') return t;
  const single = Float32Array.of(t);
  if (single[0] <= t) return single[0];
  const bits = new Uint32Array(single.buffer);
  bits[0]--; // t ≥ 0, so that the number before has the bits before
  return single[0];
}
