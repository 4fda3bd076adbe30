import { join } from 'node:path';
import { kindOfPath } from '../../src/node/read-bytes.ts';
import { readJson } from '../../src/node/read-json.ts';
import { duration, meanOf, measured, plain } from './format.ts';
import type { Figure, Outcome, StageTimes, Table } from './row.ts';

/** One run of a row by pytorch/reproduce.py: an entry of docs/results/pytorch.json. */
export interface PeerRun {
  readonly row: string;
  readonly seed: number;
  /** Without the seed. */
  readonly command: string;
  readonly threads: number;
  readonly versions: string;
  readonly date: string;
  readonly figures: readonly (Pick<Figure, 'what' | 'unit' | 'note'> & { readonly value: number })[];
  readonly stages: readonly { readonly what: string; readonly seconds: number; readonly cost: number }[];
}

/** The runs that docs/results/pytorch.json holds; none where there is no such file. */
export async function readPeers(docs: string): Promise<readonly PeerRun[]> {
  const path = join(docs, 'results', 'pytorch.json');
  return (await kindOfPath(path)) === 'file' ? ((await readJson(path)) as PeerRun[]) : [];
}

/**
 * PyTorch's figures, seconds and costs beside ours of the same `what`, a mean over the seeds of each; nothing where PyTorch
 * did not run the row.
 */
export function besideTables(name: string, record: Outcome, peers: readonly PeerRun[]): Table[] {
  const runs = peers.filter(({ row }) => row === name);
  if (runs.length === 0) return [];
  const figures = byWhat(runs.flatMap((run) => run.figures)).map((values) => {
    const { what } = values[0];
    const found = record.figures.find((figure) => figure.what === what);
    return [what, withNote(found), withNote({ ...values[0], ours: values.map(({ value }) => value) })];
  });
  const stages = byWhat(runs.flatMap((run) => run.stages)).map((times) => {
    const { what } = times[0];
    const theirs = { what, seconds: times.map(({ seconds }) => seconds), costs: times.map(({ cost }) => cost) };
    return [what, stageText(record.stages?.find((stage) => stage.what === what)), stageText(theirs)];
  });
  const note = [
    distinct(runs, (run) => `\`${run.command}\``),
    `seeds ${distinct(runs, (run) => String(run.seed))}`,
    distinct(runs, (run) => `${run.versions}, threads: ${run.threads}`),
    distinct(runs, (run) => run.date),
  ];
  return [
    {
      head: ['beside PyTorch', 'rhohat', 'PyTorch'],
      rows: [...figures, ...stages],
      note: `PyTorch: ${note.join('; ')}.`,
    },
  ];
}

/** Those of one name together, in the order of their first. */
function byWhat<T extends { readonly what: string }>(all: readonly T[]): T[][] {
  const names = new Set(all.map(({ what }) => what));
  return [...names].map((name) => all.filter(({ what }) => what === name));
}

function withNote(figure: Pick<Figure, 'ours' | 'unit' | 'note'> | undefined): string {
  if (figure === undefined) return '–';
  return measured(figure) + (figure.note ? ` (${figure.note})` : '');
}

function stageText(stage: StageTimes | undefined): string {
  if (stage === undefined) return '–';
  return `${duration(meanOf(stage.seconds))}, J = ${plain(meanOf(stage.costs))}`;
}

function distinct(runs: readonly PeerRun[], text: (run: PeerRun) => string): string {
  return [...new Set(runs.map(text))].join(', ');
}
