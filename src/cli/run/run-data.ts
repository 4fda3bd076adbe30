import { type AnyNumbers, rowRange, type View } from '../../array/matrix.ts';
import type { Examples } from '../../data/examples.ts';
import { describeValues } from '../../data/formats/describe-values.ts';
import { type Prepared, treat } from '../../data/preprocessing/prepare.ts';
import { applyPreprocessing, fitPreprocessing } from '../../data/preprocessing/preprocessing.ts';
import { select } from '../../data/preprocessing/select.ts';
import { InputError } from '../../errors.ts';
import { isTable } from '../../node/files.ts';
import { labelColumn, ownArray } from '../../node/label-source.ts';
import { naming } from '../../node/read-bytes.ts';
import { readJson } from '../../node/read-json.ts';
import { labelsFrom, labelsOf, loadLabels } from '../../node/sources.ts';
import { parseRun, type Run } from '../../training/run.ts';
import { asRead, kept, readSource } from './read-source.ts';
import { decided, type Open, type Suited, suitModel, suitPreprocessing } from './suit-data.ts';
import { type TargetData, targetData } from './target-data.ts';

/** A run from a JSON file, such as --print-config prints. @throws InputError naming the file and the key. */
export async function readRun(path: string): Promise<Run> {
  const json = await readJson(path);
  return naming(path, () => parseRun(json));
}

/**
 * The labels that `source` names, a data set or a file; by default the data's own.
 * @throws InputError naming `flag` where the data have none.
 */
export async function readLabels(data: string, source = data, flag = '--labels'): Promise<ArrayLike<number>> {
  if (source === 'mnist' || source === 'mnist-test') return loadLabels(source);
  if (source === data) {
    const how = isTable(data) ? ', a column of their own with --label-column' : '';
    throw new InputError(`${data}: its labels are not known: name them with ${flag}${how}`);
  }
  return labelsFrom(source);
}

/** The labels of examples that are read: those that `source` names, or their own. @throws InputError as `readLabels` does. */
export async function labelsFor(
  stacks: readonly Examples[],
  data: string,
  source?: string,
  flag?: string,
): Promise<ArrayLike<number>> {
  return (source === undefined || source === data ? labelsOf(stacks) : undefined) ?? readLabels(data, source, flag);
}

/** The column of the data that holds their own labels, and is no input; undefined where they are elsewhere. */
export function ownLabels(data: string, source: string | undefined): string | number | undefined {
  const labels = source === undefined ? null : labelColumn(source);
  return labels?.path === data ? labels.column : undefined;
}

export interface RunData {
  readonly prepared: Prepared;
  /** The numbers of the source, in words. */
  readonly values: string;
  readonly training: View<AnyNumbers>;
  readonly validation?: View<AnyNumbers>;
  readonly labels?: Uint32Array;
  /** Of a transcoder. */
  readonly target?: TargetData;
  /** The run, with what was chosen by the data. */
  readonly suited: Suited;
}

/**
 * Reads and prepares a run's data, and holds out its last examples. Labels are read where classes are chosen by them. What
 * the run leaves open is chosen by the training examples.
 * @throws InputError where the plan does not fit the data.
 */
export async function runData(run: Run, labelSource?: string, open: Open = decided): Promise<RunData> {
  const { classes, limit, preprocessing } = run.data;
  const precision = run.model.precision ?? 'float32';
  const { stacks, plan } = await readSource(run.source, run.data, {
    ...(classes === undefined ? { limit } : {}), // those of the classes are chosen first
    ...(preprocessing?.length || open.preprocessing ? {} : { precision }), // steps are fitted in float64
    id: ownLabels(run.source, labelSource),
    labels: ownArray(run.source, labelSource),
  });
  const labelled = labelSource !== undefined || run.data.classes !== undefined;
  const own = classes === undefined ? undefined : stacks[0].labels;
  const labels = own ?? (labelled ? await labelsFor(stacks, run.source, labelSource) : undefined);
  const heldOut = run.heldOut ?? 0;
  const selected = select(stacks, { ...plan, heldOut }, labels);
  const { x: all, unit } = selected.examples;
  const raw = Object.assign(rowRange(all, 0, Math.max(1, all.shape[0] - heldOut)), { unit });
  const begun = suitPreprocessing(run, open, withoutGaps(raw, preprocessing));
  const prepared = treat(selected, { ...begun.run.data, heldOut }, precision);
  const { x } = prepared;
  const m = x.shape[0];
  const target = await targetData(run, m);
  const training = heldOut === 0 ? x : rowRange(x, 0, m - heldOut);
  return {
    prepared,
    values: describeValues(stacks),
    training,
    ...(heldOut === 0 ? {} : { validation: rowRange(x, m - heldOut, m) }),
    ...(prepared.labels ? { labels: prepared.labels } : {}),
    ...(target ? { target } : {}),
    suited: suitModel(begun, open, training),
  };
}

/** The examples with their gaps filled, where that is the first of the steps. */
function withoutGaps(raw: View<AnyNumbers>, steps: Run['data']['preprocessing']): View<AnyNumbers> {
  const first = steps?.[0];
  return first?.kind === 'fill' ? applyPreprocessing([fitPreprocessing(first, raw)], raw) : raw;
}

/** What `encode`, `inspect` and `classify` need to know of the data, for a model file's metadata. */
export function runMetadata(run: Run, { image, columns, ...prepared }: Prepared): Record<string, string> {
  const { source, target, data } = run;
  // Keys that are undefined are left out of JSON.
  return { run: JSON.stringify({ source, target, data: asRead(data, prepared), image, columns: kept(columns) }) };
}

/** The last part of a path without what a folder name should not hold. */
export function folderStem(source: string): string {
  const name =
    source
      .replace(/[/\\]+$/, '')
      .split(/[/\\]/)
      .pop() ?? '';
  return name.replace(/\.[^.]*$/, '').replace(/[^\w-]+/g, '-') || 'run';
}
