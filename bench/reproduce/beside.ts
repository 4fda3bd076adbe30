import { join } from 'node:path';
import { kindOfPath } from '../../src/node/read-bytes.ts';
import { readJson } from '../../src/node/read-json.ts';
import { duration, meanOf, measured, plain, ratioOf, summarised } from './format.ts';
import { NOTHING } from './markdown.ts';
import type { Record_ } from './record.ts';
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
  return [
    {
      head: ['beside PyTorch', 'rhohat', 'PyTorch'],
      rows: [...figures, ...stages],
      note: `PyTorch: ${circumstances(runs)}.`,
    },
  ];
}

/**
 * All that PyTorch was run for in one table: figures and times of rhohat and of PyTorch, and ours over theirs. null where it was
 * run for no row that is recorded.
 */
export function besideAll(records: ReadonlyMap<string, Record_>, peers: readonly PeerRun[]): Table | null {
  const names = [...new Set(peers.map(({ row }) => row))].filter((name) => records.has(name));
  if (names.length === 0) return null;
  const blocks = names.map((name) => {
    const runs = peers.filter(({ row }) => row === name);
    const lines = [
      ...figurePairs(records.get(name) as Record_, runs),
      ...timePairs(records.get(name) as Record_, runs),
    ];
    return lines.map((cells, i) => [i === 0 ? `[\`${name}\`](#${name})` : '', ...cells]);
  });
  const notes = names.map((name) => `- \`${name}\`: ${circumstances(peers.filter(({ row }) => row === name))}`);
  return {
    head: ['row', 'figure or time', 'rhohat', 'PyTorch', 'ours over theirs'],
    rows: blocks.flat(),
    note: `Equal set-ups. Ours stand in the rows; times are means over the seeds, not measured at the same moment. PyTorch:\n\n${notes.join('\n')}`,
  };
}

function figurePairs(record: Outcome, runs: readonly PeerRun[]): string[][] {
  return byWhat(runs.flatMap((run) => run.figures)).map((values) => {
    const { what, unit } = values[0];
    const ours = record.figures.find((figure) => figure.what === what);
    const theirs = { unit, ours: values.map(({ value }) => value) };
    return [what, ours ? summarised(ours) : NOTHING, summarised(theirs), ratio(ours?.ours, theirs.ours)];
  });
}

/** The time of each stage, and of all where there are several. */
function timePairs(record: Outcome, runs: readonly PeerRun[]): string[][] {
  const stages = byWhat(runs.flatMap((run) => run.stages)).map((times) => ({
    what: times[0].what,
    ours: record.stages?.find(({ what }) => what === times[0].what)?.seconds,
    theirs: times.map(({ seconds }) => seconds),
  }));
  const line = (what: string, ours: readonly number[] | undefined, theirs: readonly number[]) => [
    `time: ${what}`,
    ours ? duration(meanOf(ours)) : NOTHING,
    duration(meanOf(theirs)),
    ratio(ours, theirs),
  ];
  const lines = stages.map(({ what, ours, theirs }) => line(what, ours, theirs));
  const known = stages.every(({ ours }) => ours !== undefined);
  if (stages.length < 2 || !known) return lines;
  const total = (of: 'ours' | 'theirs') => [stages.reduce((sum, stage) => sum + meanOf(stage[of] ?? []), 0)];
  return [...lines, line('all of these', total('ours'), total('theirs'))];
}

function ratio(ours: readonly number[] | undefined, theirs: readonly number[]): string {
  return ours === undefined ? NOTHING : ratioOf(meanOf(ours), meanOf(theirs));
}

/** How runs of PyTorch were made. */
function circumstances(runs: readonly PeerRun[]): string {
  return [
    distinct(runs, (run) => `\`${run.command}\``),
    `seeds ${distinct(runs, (run) => String(run.seed))}`,
    distinct(runs, (run) => `${run.versions}, threads: ${run.threads}`),
    distinct(runs, (run) => run.date),
  ].join('; ');
}

/** Those of one name together, in the order of their first. */
function byWhat<T extends { readonly what: string }>(all: readonly T[]): T[][] {
  const names = new Set(all.map(({ what }) => what));
  return [...names].map((name) => all.filter(({ what }) => what === name));
}

function withNote(figure: Pick<Figure, 'ours' | 'unit' | 'note'> | undefined): string {
  if (figure === undefined) return NOTHING;
  return measured(figure) + (figure.note ? ` (${figure.note})` : '');
}

function stageText(stage: StageTimes | undefined): string {
  if (stage === undefined) return NOTHING;
  return `${duration(meanOf(stage.seconds))}, J = ${plain(meanOf(stage.costs))}`;
}

function distinct(runs: readonly PeerRun[], text: (run: PeerRun) => string): string {
  return [...new Set(runs.map(text))].join(', ');
}
