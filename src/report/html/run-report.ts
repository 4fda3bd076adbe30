import { VERSION } from '../../version.ts';
import { commandText } from '../command-text.ts';
import { type Finding, findings, findingsSoFar } from '../findings.ts';
import { adapterName } from '../ran-on.ts';
import { resultsOf } from '../results.ts';
import type { RunAccount } from '../run-account.ts';
import { flatSettings } from '../settings.ts';
import { curves } from './curves-section.ts';
import { features, pairs, uses } from './features-section.ts';
import { cut, html, type Markup } from './markup.ts';
import { reportPage } from './page.ts';

/** The page about a run, finished or not: what was run, on what data, what came out, what looks wrong. */
export function runReport(account: RunAccount): Promise<string> {
  const { folder, says, summary, snapshot } = account;
  const name = cut(folder, 120);
  const body = html`<header><p class="soft">rhohat · report of a run</p><h1>${name}</h1><p class="says">${capital(cut(says, 400))}.</p></header>
<main>
${numbers(account)}
${found(account)}
${asked(account)}
${data(account)}
${curves(account)}
${snapshot && features(snapshot)}
${snapshot && uses(snapshot, summary)}
${snapshot?.pairs && pairs(snapshot, snapshot.pairs)}
${settings(account)}
</main>
${foot(account)}`;
  return reportPage(`${name}: report`, body);
}

function numbers({ summary, lines, about }: RunAccount): Markup {
  const last = lines[lines.length - 1];
  const soFar = {
    step: last && `${last.step}${about === null ? '' : ` of ${about.steps}`}`,
    epoch: last && `${last.epoch}${about === null ? '' : ` of ${about.epochs}`}`,
    cost: last?.cost == null ? undefined : String(Number(last.cost.toPrecision(5))),
  };
  const results = summary === null ? soFar : resultsOf(summary);
  const known = Object.entries(results).filter(([, value]) => value !== undefined);
  return html`<dl class="numbers">${known.map(([what, value]) => html`<div><dt>${what}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function found({ summary, lines, snapshot }: RunAccount): Markup {
  const all: Finding[] = summary === null ? findingsSoFar(lines, snapshot?.units) : findings(summary);
  const nothing = summary === null ? 'Nothing beside that, as far as it went.' : 'Nothing that these numbers show.';
  const items = all.map(
    ({ shows, attempt }) =>
      html`<li>${cut(shows, 1000)}${attempt && html`<br><span class="soft">To try: ${attempt}</span>`}</li>`,
  );
  return html`<section><h2>What looks wrong</h2>${
    all.length > 0 ? html`<ul class="findings">${items}</ul>` : html`<ul class="findings good"><li>${nothing}</li></ul>`
  }</section>`;
}

function asked({ command, run }: RunAccount): Markup {
  return html`<section><h2>What was run</h2>${
    command === null
      ? null
      : html`<p class="soft">The command, which repeats it:</p><pre>${cut(commandText(command), 4000)}</pre>`
  }${
    run === null
      ? null
      : html`<details><summary>The same as a file for --config: all that was chosen, by the data too</summary><pre>${JSON.stringify(run, null, 1)}</pre></details>`
  }</section>`;
}

function data(account: RunAccount): Markup | null {
  const { run, summary, about } = account;
  if (run === null) return null;
  const read = summary?.read ?? about?.read;
  const examples = summary?.examples ?? about?.examples;
  const steps = run.data.preprocessing?.map(({ kind }) => kind).join(', ');
  const rows: (readonly [string, string | undefined])[] = [
    ['source', run.source],
    ['targets', run.target],
    ['read as', read],
    ['values', summary?.values],
    ['training examples', examples?.toLocaleString('en-US')],
    ['held out', run.heldOut ? run.heldOut.toLocaleString('en-US') : undefined],
    ['measured on', summary?.sample === undefined ? undefined : `${summary.sample.toLocaleString('en-US')} of them`],
    ['preprocessing', steps || 'none'],
    ['columns', columnsOf(account)],
  ];
  return html`<section><h2>Data</h2>${table(rows)}</section>`;
}

/** Their names, where they are known. */
function columnsOf({ run, snapshot }: RunAccount): string | undefined {
  const named = snapshot?.tile.isImage === false && snapshot.columns.some((name, j) => name !== `${j}`);
  return named ? snapshot.columns.join(', ') : run?.data.table?.columns?.join(', ');
}

function settings({ run }: RunAccount): Markup | null {
  if (run === null) return null;
  let rows: [string, string][];
  try {
    rows = Object.entries(flatSettings(run));
  } catch {
    return null; // of another release
  }
  return html`<section><h2>Settings</h2><details><summary>All ${rows.length}, defaults filled in</summary>${table(rows)}</details></section>`;
}

/** Names and values; what is not known has no row. */
export function table(rows: readonly (readonly [string, string | undefined])[]): Markup {
  const known = rows.filter(([, value]) => value !== undefined);
  return html`<div class="scroll"><table class="settings">${known.map(([name, value]) => html`<tr><td>${cut(name)}</td><td>${cut(value ?? '', 2000)}</td></tr>`)}</table></div>`;
}

function foot({ summary }: RunAccount): Markup {
  if (summary === null) return html`<footer>rhohat ${VERSION}</footer>`;
  const { rhohat, node, kernels, threads, adapter } = summary;
  const place =
    adapter === undefined ? `${threads} ${threads === 1 ? 'thread' : 'threads'}` : cut(adapterName(adapter), 120);
  return html`<footer>rhohat ${rhohat}, Node ${node}, ${kernels} kernels on ${place}</footer>`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
