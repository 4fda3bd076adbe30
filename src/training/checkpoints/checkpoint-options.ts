import * as v from 'valibot';
import { typeOf } from '../../array/type-of.ts';
import { parse } from '../../validate.ts';

/** When checkpoints are saved, and where to. */
export interface CheckpointOptions {
  /** Every so many steps, or after a time such as '500ms', '30s', '5min', '2h'. Default '60s'. */
  readonly every?: number | string | undefined;
  /** Takes the bytes of each checkpoint, to keep them whole or not at all. Training waits for it. */
  readonly save: (bytes: Uint8Array<ArrayBuffer>) => void | Promise<void>;
  /** Is told what `save` threw, and training goes on. Default: training stops with a CheckpointError. Where it throws or rejects itself, so does `fit`. */
  readonly onSaveError?: ((error: unknown) => unknown) | undefined;
}

/** Steps, or milliseconds, between two checkpoints. */
export type Interval = { readonly steps: number } | { readonly milliseconds: number };

const allowed = "it must be a number of steps, at least 1, or a time such as '500ms', '30s', '5min', '2h'";
const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 };

/** The interval that `every` names; null where it names none. */
export function intervalOf(every: number | string = '60s'): Interval | null {
  if (typeof every === 'number') return Number.isSafeInteger(every) && every >= 1 ? { steps: every } : null;
  const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*(ms|s|min|h)$/.exec(every) ?? [];
  const milliseconds = Number(amount) * units[unit];
  return milliseconds > 0 ? { milliseconds } : null;
}

/** What names an interval, or is left out. */
export const everySchema = v.optional(
  v.pipe(
    v.union([v.number(), v.string()], allowed),
    v.check((every) => intervalOf(every) !== null, allowed),
  ),
);

const schema = v.object({
  checkpoint: v.optional(
    v.strictObject(
      {
        every: everySchema,
        save: v.function('it must be a function that takes the bytes of a checkpoint'),
        onSaveError: v.optional(v.function('it must be a function that takes an error')),
      },
      'it must be an object such as { every: "30s", save: (bytes) => writeFile(path, bytes) }',
    ),
  ),
  resume: v.optional(
    v.custom<Uint8Array>(
      (bytes) => typeOf(bytes) === 'Uint8Array',
      'it must be the bytes of a checkpoint, a Uint8Array',
    ),
  ),
});

/** @throws InputError naming the key. */
export function assertCheckpointOptions(options: { readonly checkpoint?: unknown; readonly resume?: unknown }): void {
  parse(schema, options, 'options');
}
