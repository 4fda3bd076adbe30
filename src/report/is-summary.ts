import * as v from 'valibot';
import { ranOnEntries } from './ran-on.ts';
import type { Summary } from './run-summary.ts';

const number = v.pipe(v.number(), v.finite());
const measure = v.nullish(number);
const text = v.optional(v.string());
const kind = v.looseObject({ kind: v.string() });

/** What is looked at; of the rest anything may be there, or missing, as in folders of other releases. */
const schema = v.looseObject({
  rhohat: v.string(),
  node: v.string(),
  kernels: v.string(),
  threads: number,
  note: text,
  ...ranOnEntries,
  turbo: v.optional(v.object({ on: v.boolean(), why: v.string() })),
  processes: v.optional(v.looseObject({ number, library: v.string() })),
  run: v.looseObject({
    source: v.string(),
    target: text,
    heldOut: v.optional(number),
    data: v.looseObject({
      preprocessing: v.optional(v.array(kind)),
      table: v.optional(v.looseObject({ columns: v.optional(v.array(v.union([v.string(), number]))) })),
    }),
    fit: v.looseObject({ optimizer: v.optional(kind) }),
  }),
  command: v.optional(v.array(v.string())),
  model: v.looseObject({
    hidden: v.pipe(v.array(number), v.nonEmpty()),
    sparsity: v.nullable(v.union([v.array(kind), kind])),
  }),
  examples: number,
  read: text,
  sample: v.optional(number),
  dataNote: text,
  interrupted: v.boolean(),
  seconds: measure,
  converged: v.nullish(v.string()),
  kept: v.optional(number),
  last: v.optional(v.looseObject({ epoch: number, step: number, cost: measure, validation: measure })),
  metrics: v.optional(
    v.looseObject({
      varianceUnexplained: measure,
      explainedVariance: measure,
      squaredError: measure,
      meanActivations: v.array(number),
      firing: v.optional(v.array(number)),
      deadUnits: v.array(number),
      saturatedUnits: v.array(number),
    }),
  ),
  inspection: v.optional(
    v.looseObject({
      l0: measure,
      histogram: v.optional(v.looseObject({ edges: v.array(number), counts: v.array(number) })),
    }),
  ),
  history: v.array(
    v.looseObject({
      epoch: number,
      step: number,
      cost: number,
      terms: v.record(v.string(), number),
      validation: measure,
    }),
  ),
});

/** Whether a summary.json holds what is looked at; false of a classifier's, and of damaged ones. */
export function isSummary(value: unknown): value is Summary {
  return v.is(schema, value);
}
