import type { Work } from './compute.ts';
import type { Sharing } from './model.ts';

const kl = (batch: number): Work => ({ kind: 'kl', inputs: 784, hidden: 1000, k: 0, batch });
const topK = (hidden: number, batch: number): Work => ({ kind: 'top-k', inputs: 768, hidden, k: 32, batch });

/** What is simulated: from a small network to a dictionary that no single process holds. */
export const WORKS: readonly { readonly work: Work; readonly sharing: Sharing }[] = [
  { work: kl(1024), sharing: 'data' },
  { work: kl(16_384), sharing: 'data' },
  { work: topK(16_384, 4096), sharing: 'data' },
  { work: topK(16_384, 4096), sharing: 'latents' },
  { work: topK(196_608, 4096), sharing: 'latents' },
  { work: topK(1_000_000, 4096), sharing: 'latents' },
];

/** Processes, one a machine. */
export const COUNTS: readonly number[] = Array.from({ length: 11 }, (_, i) => 2 ** i);

/** Of which the time of a step is measured. */
export const MEASURED: readonly Work[] = [
  ...[16, 64, 256, 1024, 4096].map(kl),
  ...[16, 64, 256, 1024].map((batch) => topK(4096, batch)),
  ...[64, 256, 1024].map((batch) => topK(16_384, batch)),
];
export const SMOKE_MEASURED: readonly Work[] = [
  { ...kl(8), inputs: 12, hidden: 7 },
  { ...topK(40, 16), inputs: 12, k: 3 },
];

/** As tables call it. */
export function nameOf({ kind, inputs, hidden, k, batch }: Work): string {
  const [units, rows] = [hidden, batch].map((count) => count.toLocaleString('en'));
  return kind === 'kl'
    ? `KL, ${inputs}-${units}-${inputs}, batch ${rows}`
    : `TopK of ${k}, ${inputs}-${units}, batch ${rows}`;
}

export const SHARED: Readonly<Record<Sharing, string>> = { data: 'rows shared', latents: 'latents shared' };
