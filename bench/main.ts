import { readFileSync, writeFileSync } from 'node:fs';
import { type Arguments, readArguments, USAGE, UsageError } from './arguments.ts';
import { benchmarks } from './benchmarks.ts';
import { loadPeers, noPeers } from './beside/load.ts';
import { PythonPool } from './beside/python-pool.ts';
import type { Context } from './context.ts';
import { machine, machineLine, markdown, type Report } from './harness/report.ts';
import type { Saved } from './saved.ts';

async function runAll({ names, smoke, json, threads, openblasNative, nodes, only }: Arguments): Promise<Saved> {
  const peers = names.every((name) => name.startsWith('steps')) ? noPeers : await loadPeers();
  const about = machine(openblasNative);
  const say = (text: string) => (json ? undefined : console.log(text));
  say([machineLine(about), ...peers.notes].join('\n'));
  const pool = new PythonPool(openblasNative);
  const python: Context['python'] = (...asked) => pool.get(...asked);
  const context: Context = { smoke, threads, peers, nodes, only, python };
  const reports: Record<string, Pick<Report, 'checked' | 'records' | 'notes'>> = {};
  try {
    for (const name of names) {
      const known = pool.notes.length;
      const report = await benchmarks[name](context);
      reports[name] = { checked: report.checked, records: report.records, notes: report.notes };
      say(`\n${[...pool.notes.slice(known), markdown(report)].join('\n\n')}`);
    }
  } finally {
    pool.stop();
  }
  return { machine: { ...about, peers: [...peers.notes, ...pool.notes] }, reports };
}

async function main(): Promise<void> {
  const given = readArguments(Object.keys(benchmarks));
  if (given === null) {
    console.log(USAGE);
    return;
  }
  const { from, plot, json } = given;
  const saved = from === null ? await runAll(given) : (JSON.parse(readFileSync(from, 'utf8')) as Saved);
  if (json && from === null) console.log(JSON.stringify(saved, null, 2));
  if (plot === null) return;
  const { drawResults } = await import('./plot/results.ts');
  writeFileSync(plot, drawResults(saved));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
