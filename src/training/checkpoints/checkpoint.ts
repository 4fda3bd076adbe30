import * as v from 'valibot';
import { type Matrix, matrix, type Numbers, scalar, type Vector, vector } from '../../array/matrix.ts';
import { parseJson } from '../../data/formats/json.ts';
import { readSafetensors, type SafeTensor, writeSafetensors } from '../../data/formats/safetensors.ts';
import type { Tensor } from '../../data/formats/tensor.ts';
import { type Fingerprint, hexadecimal, sha256 } from '../../data/stream/fingerprint.ts';
import { InputError } from '../../errors.ts';
import type { OptimizerState } from '../../optimizers/optimizer.ts';
import { nonNegative, nonNegativeInteger, parse, show } from '../../validate.ts';
import type { Kept } from '../keeper.ts';
import { type FitPlan, planText } from '../options.ts';
import type { Position } from '../position.ts';
import { historyFromTable, historyTable } from './checkpoint-history.ts';

/** The fingerprints of a run's data. */
export interface DataPrints {
  /** Of the training examples. */
  readonly examples: Fingerprint;
  /** Of a classifier: of their labels, one-hot; of a transcoder: of their targets. */
  readonly labels?: Fingerprint | undefined;
  /** Of the validation examples, where there are any. */
  readonly heldOut?: Fingerprint | undefined;
  /** Of their labels, one-hot, or targets. */
  readonly heldOutLabels?: Fingerprint | undefined;
}

/**
 * A run between two steps. The order of the examples is a function of (seed, epoch), corruption of (seed, epoch, example),
 * schedules and annealing of step and epoch: so the position says all about them.
 */
export interface Checkpoint {
  /** The rhohat that wrote it. */
  readonly rhohat: string;
  /** The kernels that trained it: others go on to other bits. */
  readonly kernels: string;
  /** What is trained: kind and config, plain JSON. */
  readonly model: unknown;
  /** Optimizer, epochs, batch size and seed. */
  readonly plan: FitPlan;
  /** What it is trained on, and what is held out. */
  readonly data: DataPrints;
  /** Where the run stands. */
  readonly position: Position;
  /** θ, in the model's precision. */
  readonly theta: Numbers;
  /** What the next steps of the optimizer depend on beside θ. */
  readonly optimizer: OptimizerState;
  /** What the model and the rules keep beside θ, by name. */
  readonly state: Readonly<Record<string, Matrix<Float64Array> | Vector<Float64Array>>>;
  /** The model as it was after its best epoch, where that is kept. */
  readonly kept: Kept | null;
}

const FORMAT = 'rhohat checkpoint';
const FORMAT_VERSION = '2'; // 1 told neither held-out examples nor what lies between sampled rows
/** Names of its tensors. */
const KNOWN = /^(theta|history|optimizer\..+|state\..+|best\.theta|best\.state\..+)$/;
const NO_CHECKSUM = '0'.repeat(64);
/** Metadata keys are sorted, so the checksum has a place of its own. */
const BEGINNING = new TextEncoder().encode('{"__metadata__":{"checksum":"');
const CHECKSUM_AT = 8 + BEGINNING.length;
/** What crypto.subtle of Node takes at most, in bytes, and what it is given of what has more. */
const MOST_HASHED = 2 ** 31;
const PIECE = 2 ** 26;

/**
 * A checkpoint as a .safetensors file: θ, history and the optimizer's arrays; everything else as JSON in the metadata.
 * Its checksum is the SHA-256 of the file with 0s in the checksum's place; from 2 GiB on, chained over pieces: h ← SHA-256(h, piece). The same checkpoint gives the same bytes.
 */
export async function serializeCheckpoint(checkpoint: Checkpoint): Promise<Uint8Array<ArrayBuffer>> {
  const { rhohat, kernels, model, plan, data, position, theta, optimizer, state, kept } = checkpoint;
  const { history, ...rest } = position;
  const { columns, table } = historyTable(history);
  const tensors = new Map<string, Tensor>([
    ['theta', { shape: [theta.length], data: theta }],
    ['history', table],
  ]);
  for (const [name, array] of Object.entries(optimizer)) {
    tensors.set(`optimizer.${name}`, { shape: [array.length], data: array });
  }
  if (kept !== null) tensors.set('best.theta', { shape: [kept.theta.length], data: kept.theta });
  const beside = { state, 'best.state': kept?.state ?? {} };
  for (const [prefix, arrays] of Object.entries(beside)) {
    for (const [name, { shape, data, offset, size }] of Object.entries(arrays)) {
      tensors.set(`${prefix}.${name}`, { shape, data: data.subarray(offset, offset + size) });
    }
  }
  const bytes = writeSafetensors(tensors, {
    checksum: NO_CHECKSUM,
    format: FORMAT,
    version: FORMAT_VERSION,
    rhohat,
    kernels,
    model: JSON.stringify(model),
    plan: planText(plan),
    data: JSON.stringify(data),
    position: JSON.stringify({ ...rest, columns }),
  });
  bytes.set(new TextEncoder().encode(await checksumOf(bytes)), CHECKSUM_AT);
  return bytes;
}

/**
 * The checkpoint of a file that `serializeCheckpoint` wrote.
 * @throws InputError if it is no such file, was cut, or differs by one bit; or if another version of the format wrote it.
 */
export async function deserializeCheckpoint(bytes: Uint8Array): Promise<Checkpoint> {
  if (!BEGINNING.every((byte, i) => byte === bytes[8 + i])) {
    throw new InputError('checkpoint: it does not begin as one: it is damaged, or another file');
  }
  const stated = new TextDecoder().decode(bytes.subarray(CHECKSUM_AT, CHECKSUM_AT + NO_CHECKSUM.length));
  if (stated !== (await checksumOf(bytes))) {
    throw new InputError(
      'checkpoint: its bytes do not give its checksum: it was cut or damaged; use the one before it',
    );
  }
  const { tensors, metadata } = readSafetensors(bytes, { nonFinite: 'keep' }); // a history may hold them
  if (metadata.format !== FORMAT) throw new InputError('checkpoint: it is another file: name one that rhohat saved');
  if (metadata.version !== FORMAT_VERSION) {
    throw new InputError(
      `checkpoint: its version is ${show(metadata.version)}, this rhohat reads ${FORMAT_VERSION}: go on with the rhohat that wrote it`,
    );
  }
  const strange = [...tensors.keys()].find((name) => !KNOWN.test(name));
  if (
    strange !== undefined ||
    (!tensors.has('best.theta') && [...tensors.keys()].some((name) => name.startsWith('best.')))
  ) {
    throw new InputError(
      `checkpoint: tensor ${show(strange ?? 'best.theta')} ${strange === undefined ? 'is missing' : 'is unknown'}: it is no file that rhohat saved`,
    );
  }
  const { columns, ...position } = parse(positionSchema, json(metadata, 'position'), 'checkpoint.position');
  /** What the tensors whose names begin so are, by the rest of their names. */
  const under = <T>(prefix: string, read: (tensors: ReadonlyMap<string, SafeTensor>, name: string) => T) =>
    Object.fromEntries(
      [...tensors.keys()]
        .filter((name) => name.startsWith(prefix))
        .map((name) => [name.slice(prefix.length), read(tensors, name)]),
    );
  const best = tensors.has('best.theta');
  return {
    rhohat: String(metadata.rhohat),
    kernels: String(metadata.kernels),
    model: json(metadata, 'model'),
    plan: json(metadata, 'plan') as FitPlan,
    data: json(metadata, 'data') as DataPrints,
    position: { ...position, history: historyFromTable(columns, tensors.get('history')) },
    theta: floats(tensors, 'theta', true),
    optimizer: under('optimizer.', floats),
    state: under('state.', doubles),
    kept: best ? { theta: floats(tensors, 'best.theta', true), state: under('best.state.', doubles) } : null,
  };
}

const positionSchema = v.strictObject({
  before: v.optional(nonNegativeInteger(), 0),
  step: nonNegativeInteger(),
  batch: nonNegativeInteger(),
  converged: v.nullable(v.string('it must be a text or null')),
  seconds: nonNegative(),
  sums: v.record(v.string(), v.number('it must be a number')),
  examples: nonNegativeInteger(),
  columns: v.array(v.string('it must be a name')),
});

async function checksumOf(bytes: Uint8Array): Promise<string> {
  const most = bytes.length < MOST_HASHED ? bytes.length : PIECE;
  let hash = new Uint8Array(0);
  for (let begin = 0; begin < bytes.length; begin += most) {
    const piece = bytes.subarray(begin, begin + most);
    const block = new Uint8Array(hash.length + piece.length);
    block.set(hash);
    block.set(piece, hash.length);
    if (begin === 0) block.fill(0x30, CHECKSUM_AT, CHECKSUM_AT + NO_CHECKSUM.length);
    hash = await sha256(block);
  }
  return hexadecimal(hash);
}

function json(metadata: Readonly<Record<string, string>>, key: string): unknown {
  return parseJson(metadata[key] ?? '', `checkpoint: its ${key}`);
}

/** Optimizers may hold overflows and live; θ may not. */
function floats(tensors: ReadonlyMap<string, SafeTensor>, name: string, finite = false): Numbers {
  const data = tensors.get(name)?.data;
  const isFloat = data instanceof Float32Array || data instanceof Float64Array;
  if (isFloat && (!finite || data.every(Number.isFinite))) return data;
  const what = finite ? 'finite floats' : 'floats';
  throw new InputError(`checkpoint: tensor ${show(name)} must hold ${what}: it is no file that rhohat saved`);
}

/** A tensor of what is kept beside θ. */
function doubles(tensors: ReadonlyMap<string, SafeTensor>, name: string): Matrix<Float64Array> | Vector<Float64Array> {
  const { data, shape = [] } = tensors.get(name) ?? {};
  if (!(data instanceof Float64Array) || shape.length > 2) {
    throw new InputError(`checkpoint: tensor ${show(name)} must hold float64 numbers: it is no file that rhohat saved`);
  }
  if (shape.length === 0) return scalar(data);
  return shape.length === 2 ? matrix(data, shape[0], shape[1]) : vector(data);
}
