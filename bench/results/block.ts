import { machineLine, table } from '../harness/report.ts';
import type { Kept } from './kept.ts';

function engineName({ machine }: Kept): string {
  const turbo = machine.flags.some((flag) => flag.includes('revectorize')) ? ' turbo' : '';
  return `${machine.node.replace(/^v/, '').split('.')[0]}${turbo}`;
}

function origin({ command, commit, machine }: Kept): string {
  return `\`${command}\`: ${machineLine(machine)}${commit === null ? '' : `, commit ${commit}`}.`;
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** Runs of the same columns: what was checked, what was run where, and one table, with a column for the engine of several. */
function oneTable(kept: readonly Kept[]): string {
  const [{ report }] = kept;
  const several = kept.length > 1;
  const columns = several ? ['Node', ...report.columns] : report.columns;
  const rows = kept.flatMap((each) => each.report.rows.map((row) => (several ? [engineName(each), ...row] : row)));
  const from = several ? kept.map((each) => `- ${engineName(each)}: ${origin(each)}`).join('\n') : origin(kept[0]);
  const checked = report.checked === '' ? [] : [`Checked: ${report.checked}.`];
  const notes = (report.notes ?? []).map((note) => `- ${sentence(note)}`);
  return [from, ...checked, table(columns, rows), ...(notes.length === 0 ? [] : [notes.join('\n')])].join('\n\n');
}

/** What stands in the place of a report: a table of all runs whose columns are the same. */
export function block(kept: readonly Kept[]): string {
  const columns = [...new Set(kept.map(({ report }) => report.columns.join()))];
  return columns.map((each) => oneTable(kept.filter(({ report }) => report.columns.join() === each))).join('\n\n');
}
