import type { Autoencoder } from '../../model/autoencoder.ts';
import type { Runtime } from '../../model/runtime.ts';

/** What trains: the processor, the graphics card, or whichever of them takes less time for a step. */
export type EngineName = 'cpu' | 'webgpu' | 'auto';

export const engineNames: readonly EngineName[] = ['cpu', 'webgpu', 'auto'];

export const ENGINE_TITLES: Readonly<Record<EngineName, string>> = {
  cpu: 'processor',
  webgpu: 'graphics card',
  auto: 'whichever is faster',
};

/** What of a model's runtime the page tells. */
export interface Runs extends Pick<Runtime, 'kernels' | 'device' | 'adapter' | 'chosen' | 'note'> {
  /** Why the processor trains where the graphics card was asked for; null where it was not, or does. */
  readonly instead: string | null;
}

/** How a model runs now: a graphics card may be lost. */
export function runsOf({ runtime }: Autoencoder, instead: string | null): Runs {
  const { kernels, device, adapter, chosen, note } = runtime;
  return { kernels, device, adapter, chosen, note, instead };
}

/** The same in words. */
export function wordsOf({ kernels, device, adapter, chosen, note, instead }: Runs): string {
  const { vendor = '', architecture = '', description = '' } = adapter ?? {};
  const card = [vendor, architecture, description].filter((part) => part !== '').join(' ');
  const who = device === 'gpu' ? `The graphics card trains${card === '' ? '' : ` (${card})`}` : 'The processor trains';
  const { cpu, gpu } = chosen ?? {};
  return [
    `${who}: ${kernels} kernels.`,
    ...(instead === null ? [] : [`Not the graphics card: ${instead}.`]),
    ...(cpu === undefined || gpu === undefined
      ? []
      : [`A step took ${ms(cpu)} on the processor, ${ms(gpu)} on the graphics card.`]),
    ...(note === null ? [] : [`${note[0].toUpperCase()}${note.slice(1)}.`]),
  ].join(' ');
}

function ms(milliseconds: number): string {
  return `${milliseconds.toPrecision(2)} ms`;
}
