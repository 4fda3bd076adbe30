import * as v from 'valibot';
import type { Runtime } from '../model/runtime.ts';

const number = v.pipe(v.number(), v.finite());

/** What of a summary tells of a GPU, or that `auto` chose; absent elsewhere. */
export const ranOnEntries = {
  device: v.optional(v.picklist(['cpu', 'gpu'])),
  adapter: v.optional(v.object({ vendor: v.string(), architecture: v.string(), description: v.string() })),
  limits: v.optional(v.object({ largestBuffer: number, largestBinding: number })),
  chosen: v.optional(
    v.object({
      by: v.literal('auto'),
      kernels: v.picklist(['cpu', 'webgpu']),
      ...{ cpu: v.optional(number), gpu: v.optional(number), batchSize: v.optional(number) },
    }),
  ),
};

/** The whole of it. */
export const ranOnSchema = v.object({
  kernels: v.string(),
  threads: number,
  note: v.optional(v.string()),
  ...ranOnEntries,
});

/** What ran, as summaries say it. */
export type RanOn = v.InferOutput<typeof ranOnSchema>;

/** Of a model: no more of it than there is to say. */
export function ranOn({ kernels, threads, device, adapter, limits, chosen, note }: Runtime): RanOn {
  return {
    ...{ kernels, threads },
    ...(note === null ? {} : { note }),
    ...(device === 'gpu' || chosen !== null ? { device } : {}),
    ...(adapter === null ? {} : { adapter }),
    ...(limits === null ? {} : { limits }),
    ...(chosen === null ? {} : { chosen }),
  };
}

/** "simd, 2 threads: why"; on a GPU its name and limits; then what `auto` measured. */
export function ranOnLines({ kernels, threads, note, adapter, limits, chosen }: RanOn): string[] {
  const place =
    adapter === undefined
      ? `, ${threads} ${threads === 1 ? 'thread' : 'threads'}`
      : ` on ${adapterName(adapter)}${limits === undefined ? '' : `, ${limitsText(limits)}`}`;
  return [
    `${kernels}${place}${note === undefined ? '' : `: ${note}`}`,
    ...(chosen?.cpu === undefined || chosen.gpu === undefined ? [] : [chosenText(chosen)]),
  ];
}

/** In words, or by what else is told of it. */
export function adapterName({ vendor, architecture, description }: NonNullable<RanOn['adapter']>): string {
  const short = [vendor, architecture].filter((part) => part !== '').join(' ');
  if (description === '') return short === '' ? 'a GPU that tells no name' : short;
  return short === '' ? description : `${description} (${short})`;
}

function limitsText({ largestBuffer, largestBinding }: NonNullable<RanOn['limits']>): string {
  return `buffers to ${gibibytes(largestBuffer)}, bindings to ${gibibytes(largestBinding)}`;
}

function gibibytes(bytes: number): string {
  const [value, unit] = bytes >= 2 ** 30 ? [bytes / 2 ** 30, 'GiB'] : [bytes / 2 ** 20, 'MiB'];
  return `${Number(value.toPrecision(3))} ${unit}`;
}

function chosenText({ kernels, cpu = 0, gpu = 0, batchSize }: NonNullable<RanOn['chosen']>): string {
  const [own, other] = kernels === 'webgpu' ? [gpu, cpu] : [cpu, gpu];
  const examples = batchSize === undefined ? '' : ` of ${batchSize} examples`;
  const than = kernels === 'webgpu' ? 'the processor' : 'the GPU';
  return `chosen by auto: ${milliseconds(own)} a step${examples}, ${than} ${milliseconds(other)}`;
}

const milliseconds = (value: number) => `${Number(value.toPrecision(3))} ms`;
