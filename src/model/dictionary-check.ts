import { InputError } from '../errors.ts';
import { show } from '../validate.ts';
import type { FullConfig } from './autoencoder-config.ts';
import type { Tables } from './parts.ts';

/** What does not go together. @throws InputError naming the key, and what to do. */
export function assertDictionary(config: FullConfig, { layers }: Tables): void {
  const { inputs, hidden, tied, output, loss, center, unitNorm, auxiliary, targets, skip } = config;
  const transcoder = targets !== inputs || skip;
  const isTied = Array.isArray(tied) ? tied.some(Boolean) : tied;
  const code = hidden.length - 1;
  const sparsity = [config.sparsity ?? []].flat();
  if (center !== false && transcoder) {
    throw new InputError(
      `config.center is ${show(center)} with targets of their own: c lies where the outputs do, and cannot be taken from x: leave center out`,
    );
  }
  if (center !== false && output !== 'linear') {
    throw new InputError(
      `config.center is ${show(center)} with output ${show(output)}: c is no example then: use output "linear"`,
    );
  }
  if (transcoder && (hidden.length > 1 || isTied || config.corruption !== null)) {
    const what = hidden.length > 1 ? 'several hidden layers' : isTied ? 'tied weights' : 'corruption';
    throw new InputError(
      `config.${skip ? 'skip' : 'targets'} is ${show(skip || targets)} with ${what}: a transcoder has one hidden layer, an encoder and a decoder of its own, and reconstructs nothing: leave one of them out`,
    );
  }
  if (unitNorm && (hidden.length > 1 || isTied)) {
    throw new InputError(
      `config.unitNorm is true with ${isTied ? 'tied weights, whose rows the encoder needs as long as they are' : 'several hidden layers'}: use one hidden layer, tied: false`,
    );
  }
  assertPrefixes(config);
  if (auxiliary === null) return;
  const selects = sparsity.some(
    ({ kind, layer }) => layer === code && Object.hasOwn(layers, kind) && layers[kind].losers,
  );
  if (!selects) {
    throw new InputError(
      `config.auxiliary is ${show(auxiliary.kind)} without a layer that selects the largest z: use sparsity "top-k" or "batch-top-k", or leave it out`,
    );
  }
  if (output !== 'linear' || loss !== 'squared-error' || hidden.length > 1) {
    throw new InputError(
      `config.auxiliary is ${show(auxiliary.kind)}, which adds up errors: use one hidden layer, output "linear" and loss "squared-error"`,
    );
  }
  if ((auxiliary.k ?? 1) > hidden[code]) {
    throw new InputError(
      `config.auxiliary.k is ${auxiliary.k}: the layer has ${hidden[code]} units, so it must be at most ${hidden[code]}`,
    );
  }
}

function assertPrefixes({ prefixes, hidden, tied }: FullConfig): void {
  if (prefixes === null) return;
  const { widths } = prefixes;
  const h = hidden[hidden.length - 1];
  const rises = widths.every((width, g) => Number.isSafeInteger(width) && width > (widths[g - 1] ?? 0));
  if (!rises || widths[widths.length - 1] !== h) {
    throw new InputError(
      `config.prefixes is ${show(widths)}: it must be whole numbers above 0 that rise, and the last must be ${h}, the number of hidden units`,
    );
  }
  if (hidden.length === 1 && (Array.isArray(tied) ? !tied[0] : !tied)) return;
  throw new InputError(
    `config.prefixes is ${show(widths)} with ${hidden.length > 1 ? 'several hidden layers' : 'tied weights'}: prefixes are those of one dictionary: use one hidden layer, tied: false`,
  );
}
