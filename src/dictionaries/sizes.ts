import { countOf, type StoredNumbers, turned } from '../data/formats/stored-numbers.ts';
import { shapeText } from '../data/formats/tensor.ts';
import { InputError, show } from '../errors.ts';
import type { DictionaryPlan, LaidMatrix, NamedNumbers } from './plan.ts';

/** d, h, and the length of an output. */
export interface Sizes {
  readonly inputs: number;
  readonly latents: number;
  readonly outputs: number;
}

/** The matrices with a latent a row and, of a skip connection, an output a row. */
export interface Oriented {
  readonly encoder: StoredNumbers;
  readonly decoder: StoredNumbers;
  readonly skip: StoredNumbers | null;
  readonly sizes: Sizes;
  readonly notes: readonly string[];
}

interface Said {
  readonly size: number;
  readonly by: string;
}

/**
 * The sizes that biases, thresholds and config agree on, and the matrices turned so that they fit: which axis is which follows
 * from the lengths; where both fit, from the format's layout. @throws InputError, naming a tensor, where they contradict one another.
 */
export function orient(plan: DictionaryPlan): Oriented {
  const { encoder, decoder, skip, transcoder, said, threshold, gate } = plan;
  const vectors = [plan.encoderBias, gate?.bias, gate?.magnitudeBias, gate?.scale, plan.decoderScale];
  if (typeof threshold?.of === 'object') vectors.push(threshold.of);
  const latents = agreed('units', [
    ...vectors.filter((one) => one !== undefined).map(lengthOf),
    ...fromConfig('its config', said.latents),
  ]);
  const bias = plan.decoderBias === undefined ? [] : [lengthOf(plan.decoderBias)];
  const inputs = agreed('inputs', [...(transcoder ? [] : bias), ...fromConfig('its config', said.inputs)]);
  const outputs = agreed('outputs', [
    ...bias,
    ...fromConfig('its config', said.outputs ?? (transcoder ? undefined : said.inputs)),
  ]);

  const notes: string[] = [];
  const [e, d] = [encoder, decoder].map((laid, i) => {
    const other = i === 0 ? inputs : outputs;
    return turnedToFit(laid, 'latents', latents, other, notes);
  });
  const sizes = { latents: e.shape[0], inputs: e.shape[1], outputs: d.shape[1] };
  for (const { name, numbers } of [encoder, decoder]) {
    if (countOf(numbers) > 0) continue;
    throw new InputError(`tensor ${show(name)} has the shape ${shapeText(numbers.shape)}: it holds no numbers`);
  }
  if (d.shape[0] !== sizes.latents) {
    throw new InputError(
      `tensor ${show(decoder.name)} has the shape ${shapeText(decoder.numbers.shape)}: ${encoder.name} has ${sizes.latents} units, so it must have as many`,
    );
  }
  if (!transcoder && sizes.inputs !== sizes.outputs) {
    throw new InputError(
      `tensor ${show(decoder.name)} has the shape ${shapeText(decoder.numbers.shape)}: ${encoder.name} takes ${sizes.inputs} inputs, so it must give as many`,
    );
  }
  const s = skip === undefined ? null : turnedToFit(skip, 'outputs', at(sizes.outputs), at(sizes.inputs), notes);
  return { encoder: e, decoder: d, skip: s, sizes, notes };

  function at(size: number): Said {
    return { size, by: 'the decoder' };
  }
}

function lengthOf({ name, numbers }: NamedNumbers): Said {
  const { shape } = numbers;
  if (shape.filter((extent) => extent !== 1).length > 1) {
    throw new InputError(`tensor ${show(name)} has the shape ${shapeText(shape)}: it must be a vector`);
  }
  return { size: countOf(numbers), by: `tensor ${show(name)}` };
}

function fromConfig(by: string, size: number | undefined): Said[] {
  return size === undefined ? [] : [{ size, by }];
}

/** The size that all say. */
function agreed(what: string, all: readonly Said[]): Said | undefined {
  const [first] = all;
  const other = all.find(({ size }) => size !== first.size);
  if (other === undefined) return first;
  throw new InputError(
    `${first.by} says ${first.size} ${what}, ${other.by} says ${other.size}: the files do not belong together, or are damaged`,
  );
}

/** The matrix with `rows` first. */
function turnedToFit(
  { name, numbers, first }: LaidMatrix,
  rows: 'latents' | 'outputs',
  rowsSaid: Said | undefined,
  columnsSaid: Said | undefined,
  notes: string[],
): StoredNumbers {
  const { shape } = numbers;
  if (shape.length !== 2)
    throw new InputError(`tensor ${show(name)} has the shape ${shapeText(shape)}: it must be a matrix`);
  const fits = (m: StoredNumbers) =>
    (rowsSaid === undefined || m.shape[0] === rowsSaid.size) &&
    (columnsSaid === undefined || m.shape[1] === columnsSaid.size);
  const asLaid = first === rows ? numbers : turned(numbers);
  const other = first === rows ? turned(numbers) : numbers;
  if (fits(asLaid)) return asLaid;
  if (!fits(other)) {
    const wanted = [rowsSaid, columnsSaid].flatMap((one) => one ?? []).map(({ size, by }) => `${size} by ${by}`);
    throw new InputError(
      `tensor ${show(name)} has the shape ${shapeText(shape)}: it must have ${wanted.join(' and ')}; the files do not belong together, or are damaged`,
    );
  }
  notes.push(`${name} lies turned round in its file: its shape ${shapeText(shape)} fits the biases so alone`);
  return other;
}
