import type { Look as DataLook } from './data-sets.ts';
import type { Runs } from './engines.ts';
import type { Look } from './look.ts';
import type { Proof } from './prove.ts';
import type { Settings } from './settings.ts';

/** What the page asks of its worker. */
export type Request =
  /** Trains anew. `files` are data of one's own, where they are wanted; null keeps those that were given before. */
  | { readonly ask: 'begin'; readonly settings: Settings; readonly files: readonly File[] | null }
  | { readonly ask: 'load'; readonly settings: Settings; readonly file: File }
  | { readonly ask: 'change'; readonly settings: Settings }
  | { readonly ask: 'play'; readonly playing: boolean }
  /** The last look has been drawn. */
  | { readonly ask: 'drawn' }
  | { readonly ask: 'top'; readonly unit: number }
  | { readonly ask: 'prove'; readonly bug: string | null }
  | { readonly ask: 'save'; readonly address: string }
  | { readonly ask: 'code' };

/** What the worker tells. */
export type Answer =
  /** Data are there, and training begins. */
  | {
      readonly tell: 'began';
      readonly settings: Settings;
      readonly look: DataLook;
      readonly read: string;
      readonly bugs: readonly string[];
      /** Slower kernels run, whose bits are not those of Node. */
      readonly slow: boolean;
      /** A model was loaded that the page has no sliders for. */
      readonly foreign: boolean;
      readonly runs: Runs;
    }
  /** Another engine trains than before. */
  | { readonly tell: 'runs'; readonly runs: Runs }
  | { readonly tell: 'look'; readonly look: Look }
  | { readonly tell: 'bugs'; readonly bugs: readonly string[] }
  | {
      readonly tell: 'top';
      readonly unit: number;
      readonly rows: readonly number[];
      readonly activations: readonly number[];
      /** (rows, d), each from its least number to its largest. */
      readonly shades: Uint8Array;
    }
  | { readonly tell: 'proving'; readonly done: number }
  | { readonly tell: 'proof'; readonly proof: Proof | null }
  | { readonly tell: 'saved'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly tell: 'code'; readonly text: string }
  /** What was asked for last came to nothing; what trained before trains on, unless it diverged. */
  | { readonly tell: 'failed'; readonly message: string };
