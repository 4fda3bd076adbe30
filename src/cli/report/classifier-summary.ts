import * as v from 'valibot';
import { plainName } from '../../data/formats/named-arrays.ts';
import type { ClassifierConfig } from '../../model/classifier-config.ts';
import { ranOnLines, ranOnSchema } from '../../report/ran-on.ts';
import { short, table } from '../output.ts';
import { turboText } from './turbo-text.ts';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const share = v.exactOptional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)));
const finite = v.pipe(v.number(), v.finite());
const stage = v.object({
  stage: v.string(),
  cost: finite,
  seconds: finite,
  trainAccuracy: share,
  testAccuracy: share,
});

/** What summary.json of a classifier says: what was asked, what came out. */
export const classifierSummary = v.object({
  rhohat: v.string(),
  source: v.string(),
  on: v.nullable(v.string()),
  trainExamples: count,
  testExamples: count,
  read: v.exactOptional(v.string()),
  values: v.exactOptional(v.string()),
  /** Names of the classes, by number, where they have some. */
  classes: v.exactOptional(v.array(v.string())),
  /** Whether V8 fused 128-bit operations, and why. */
  turbo: v.exactOptional(v.object({ on: v.boolean(), why: v.string() })),
  /** What trained it; absent in folders of earlier releases. */
  ran: v.exactOptional(ranOnSchema),
  interrupted: v.boolean(),
  stages: v.array(stage),
});

/** What `rhohat classify` writes into summary.json, its config aside. */
export type ClassifierSummary = v.InferOutput<typeof classifierSummary>;
/** What a stage of training came to; accuracies are absent where there was nothing to measure them on. */
export type StageSummary = ClassifierSummary['stages'][number];

/** The summary for a person. */
export function classifierLines(
  summary: ClassifierSummary,
  { inputs, hidden, classes }: Pick<Required<ClassifierConfig>, 'inputs' | 'hidden' | 'classes'>,
  path: string,
): string[] {
  const { trainExamples, testExamples, read, values, classes: names, turbo, ran, interrupted, stages } = summary;
  return [
    path,
    `  ${[inputs, ...hidden, classes].join('-')}, ${trainExamples} training and ${testExamples} test examples`,
    ...(read === undefined ? [] : [`  read as ${read}`]),
    ...(values === undefined ? [] : [`  values ${values}`]),
    ...(names === undefined ? [] : [`  classes ${listed(names)}`]),
    ...(ran === undefined ? [] : ranOnLines(ran).map((line, i) => `  ${i === 0 ? 'engine ' : ''}${line}`)),
    ...(turbo === undefined ? [] : [`  turbo ${turboText(turbo)}`]),
    ...(interrupted ? ['  interrupted: the classifier holds what was learnt until then'] : []),
    ...table([['  trained', 'cost', 'train', 'test', 'time'], ...stages.map(stageRow)]).split('\n'),
  ];
}

/** Names with their numbers: "0 cats, 1 dogs". */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, 20).map((name, i) => `${i} ${plainName(name)}`);
  return shown.join(', ') + (names.length > 20 ? ', …' : '');
}

function stageRow({ stage, cost, seconds, trainAccuracy, testAccuracy }: StageSummary): string[] {
  const percent = (part: number | undefined) => (part === undefined ? '–' : `${(100 * part).toFixed(2)}%`);
  return [`  ${stage}`, short(cost), percent(trainAccuracy), percent(testAccuracy), `${short(seconds, 3)} s`];
}
