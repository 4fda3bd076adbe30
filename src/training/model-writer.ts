import type { Numbers, View } from '../array/matrix.ts';
import { vectorView, zeros } from '../array/matrix.ts';
import { joinBytes } from '../data/formats/bytes.ts';
import { writeNumbers } from '../data/formats/number-bytes.ts';
import { type Laid, safetensorsHead } from '../data/formats/safetensors-head.ts';
import { preprocessingToTensors } from '../data/preprocessing/preprocessing-tensors.ts';
import { type Latents, ofProcess } from '../layers/latents.ts';
import type { Autoencoder } from '../model/autoencoder.ts';
import { autoencoderSpec } from '../model/autoencoder-spec.ts';
import type { Classifier } from '../model/classifier.ts';
import type { FullConfig } from '../model/config.ts';
import type { Engine } from '../model/engine.ts';
import { assertModel } from '../model/model-check.ts';
import type { Parameter } from '../model/parameters.ts';
import { drawnAnew } from '../model/spec.ts';
import { type Attachments, FORMAT, type Kind, keptApart, VERSION } from './model-format.ts';

const PIECE = 2 ** 19; // numbers

/**
 * The bytes of a model's file one after another: θ is copied a piece at a time, and must not change meanwhile; or at once. Where
 * processes share the latents, each must take all pieces, and gets the same ones: the file of the whole model.
 */
export async function* modelPieces(
  model: Autoencoder | Classifier,
  kind: Kind,
  attachments: Attachments,
  atOnce = false,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  assertModel(model, kind === 'autoencoder' ? 'Autoencoder' : 'Classifier');
  const { engine, config } = model;
  const { json, tensors } = preprocessingToTensors(attachments.preprocessing ?? []);
  const small = new Map<string, Numbers>();
  const laid: Laid[] = [];
  for (const [name, { shape, data }] of tensors) {
    laid.push({ name, shape, kind: 'f8' });
    small.set(name, data as Numbers);
  }
  for (const [name, { shape, data, offset, size }] of Object.entries(await engine.state.read(['model-state']))) {
    laid.push({ name, shape, kind: 'f8' });
    small.set(name, data.subarray(offset, offset + size));
  }
  const places = new Map(engine.layout.parameters.map((parameter) => [parameter.name, parameter]));
  const { shard } = engine.spec;
  const whole = shard === undefined ? [...places.values()] : autoencoderSpec(config as FullConfig).parameters;
  for (const { name, shape } of whole) laid.push({ name, shape, kind: config.precision === 'float32' ? 'f4' : 'f8' });
  const { epochs, fresh, spec } = engine;
  const { head, order } = safetensorsHead(laid, {
    ...keptApart(attachments.metadata ?? {}),
    format: FORMAT,
    version: VERSION,
    kind,
    config: JSON.stringify(config),
    preprocessing: JSON.stringify(json),
    ...(epochs > 0 && drawnAnew(spec) !== null ? { epochs: `${epochs}` } : {}),
    ...(fresh && spec.layers.some(({ center }) => center !== null) ? { fresh: 'true' } : {}), // its centre is still to begin
  });
  const theta = atOnce && shard === undefined ? await engine.kernels.copyOut(engine.theta) : null;
  yield head;
  for (const name of order) {
    const parameter = places.get(name);
    if (parameter === undefined) {
      yield bytesOf(small.get(name) as Numbers);
      continue;
    }
    if (shard !== undefined && !shard.common.includes(name)) {
      yield* sharedPieces(engine, parameter, shard.latents);
      continue;
    }
    for (let at = 0; at < parameter.length; at += PIECE) {
      const length = Math.min(PIECE, parameter.length - at);
      const begin = parameter.offset + at;
      const part: View = vectorView(engine.theta.data, length, begin);
      yield bytesOf(theta === null ? await engine.kernels.copyOut(part) : theta.subarray(begin, begin + length));
    }
  }
}

/** A parameter of latents that processes share, one process after another: each gets the bytes of all, a piece at a time. */
async function* sharedPieces(
  { kernels, theta }: Engine,
  { offset, length }: Parameter,
  latents: Latents,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const columns = length / latents.count;
  for (let rank = 0; rank < latents.size; rank++) {
    const numbers = columns * ofProcess(latents.all, rank, latents.size).count;
    for (let at = 0; at < numbers; at += PIECE) {
      const piece = zeros(Math.min(PIECE, numbers - at), kernels.precision);
      if (rank === latents.rank) await kernels.copyOut(vectorView(theta.data, piece.length, offset + at), piece);
      await latents.broadcast(piece, rank);
      yield bytesOf(piece);
    }
  }
}

function bytesOf(numbers: Numbers): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(numbers.byteLength);
  writeNumbers(bytes, 0, numbers);
  return bytes;
}

/** The same in one. */
export async function serialize(
  model: Autoencoder | Classifier,
  kind: Kind,
  attachments: Attachments,
): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  for await (const piece of modelPieces(model, kind, attachments, true)) pieces.push(piece);
  return joinBytes(pieces);
}
