import { machine, machineLine, markdown, type Report } from './report.ts';
import { commandLine, currentCommit, save } from './saved.ts';

/** The command line of a benchmark with a script of its own, and where --json saves. */
export function given(): { readonly args: readonly string[]; readonly json: string | null } {
  const args = process.argv.slice(2);
  const at = args.indexOf('--json');
  if (at < 0) return { args, json: null };
  const [, path] = args.splice(at, 2);
  if (path === undefined) throw new Error('--json is given without a file');
  return { args, json: path };
}

/** Prints the report of the script, and saves it where --json says. */
export function publish(script: string, name: string, report: Report): void {
  const about = machine(false);
  console.log(`${machineLine(about)}\n\n${markdown(report)}`);
  const { json } = given();
  if (json === null) return;
  const command = commandLine(script, process.argv.slice(2));
  const from = { command, commit: currentCommit(), machine: { ...about, peers: [] }, only: null };
  save(json, { ...from, reports: { [name]: report } });
}
