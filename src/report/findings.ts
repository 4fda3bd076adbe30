import type { FullConfig } from '../model/config.ts';
import type { MetricsLine } from './metrics-line.ts';
import type { Summary } from './run-summary.ts';
import { stillFalls, trainingNote } from './training-note.ts';

/** Something that a run's own numbers show, and what to try where something measured speaks for it. */
export interface Finding {
  readonly shows: string;
  readonly attempt?: string;
}

/** A share of dead units that is worth a word. */
const DEAD = 0.05;
/** A rise of the validation error that is more than noise. */
const RISEN = 0.02;

/** What looks wrong with a run that has ended. */
export function findings(summary: Summary): Finding[] {
  const { metrics, model, history, dataNote, note, interrupted } = summary;
  const learnt = trainingNote(summary);
  // Of a model that is no better than the mean example, more of the same is no advice.
  const isBroken = metrics !== undefined && !(metrics.explainedVariance > 0);
  const falls = learnt === null && !isBroken ? stillFalls(summary) : null;
  const found: (Finding | null | false | undefined)[] = [
    interrupted && { shows: 'Training was interrupted: the model holds what was learnt until then.' },
    learnt !== null && { shows: `It learnt little: ${learnt}.` },
    // It is part of the line above where there is one.
    learnt === null && dataNote !== undefined && { shows: `Of the data: ${dataNote}.` },
    metrics !== undefined &&
      metrics.explainedVariance < 0 && {
        shows: `The explained variance is ${short(metrics.explainedVariance)}, below 0: the mean example would be nearer than the reconstructions${penaltiesText(summary)}.`,
      },
    metrics !== undefined && deadUnits(metrics.deadUnits.length, metrics.meanActivations.length, model),
    metrics !== undefined &&
      metrics.saturatedUnits.length > DEAD * metrics.meanActivations.length && {
        shows: `${metrics.saturatedUnits.length} of ${metrics.meanActivations.length} units are always on: they tell examples apart no more than a bias.`,
      },
    risen(history),
    falls !== null && { shows: `It ended early: ${falls}.` },
    note !== undefined && { shows: `It ran on one thread: ${note}.` },
  ];
  return found.filter((one): one is Finding => typeof one === 'object' && one !== null);
}

/** What looks wrong with one that goes on, or that did not end. */
export function findingsSoFar(lines: readonly MetricsLine[], units: number | undefined): Finding[] {
  const measured = lines.filter(({ dead, looked }) => dead != null && looked != null);
  const last = measured[measured.length - 1];
  const history = lines.map(({ epoch, validation }) => ({ epoch, ...(validation == null ? {} : { validation }) }));
  const share = units !== undefined && last?.dead != null && last.dead > DEAD * units;
  const found = [
    share
      ? {
          shows: `${last.dead} of ${units} units fired on none of the last ${last.looked} examples that were looked at.`,
        }
      : null,
    risen(history),
  ];
  return found.filter((one) => one !== null);
}

/** What penalties make up of the cost, where that is much. */
function penaltiesText({ last }: Summary): string {
  const share = last === undefined ? 0 : 1 - (last.terms.reconstruction ?? last.cost) / last.cost;
  return share > 0.2 ? `, while penalties are ${short(100 * share)}% of the cost` : '';
}

function deadUnits(dead: number, units: number, { sparsity, auxiliary }: FullConfig): Finding | null {
  if (dead <= DEAD * units) return null;
  const shows = `${dead} of ${units} units are dead: no example moves them.`;
  const kinds = (Array.isArray(sparsity) ? sparsity : [sparsity]).map((spec) => spec?.kind);
  const canAuxiliary = auxiliary === null && kinds.some((kind) => kind === 'top-k' || kind === 'batch-top-k');
  return canAuxiliary
    ? { shows, attempt: 'The auxiliary term of --preset topk (AuxK), or --resample-every: both bring dead units back.' }
    : { shows };
}

function risen(
  history: readonly { readonly epoch: number; readonly validation?: number | undefined }[],
): Finding | null {
  const measured = history.flatMap(({ epoch, validation }) =>
    validation === undefined ? [] : [{ epoch, validation }],
  );
  if (measured.length < 2) return null;
  const least = measured.reduce((best, one) => (one.validation < best.validation ? one : best));
  const last = measured[measured.length - 1];
  const rise = (last.validation - least.validation) / Math.abs(least.validation);
  if (!(rise > RISEN)) return null;
  return {
    shows: `The validation error was least after epoch ${least.epoch} and has risen by ${short(100 * rise)}% since.`,
    attempt:
      '--keep best keeps the parameters of that epoch; --patience 5 ends the run after five epochs without a better one.',
  };
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
