import { besideAll, besideTables, type PeerRun } from './beside.ts';
import { bestTable } from './dictionaries.ts';
import { FIGURES } from './figures-page.ts';
import { tableLines } from './markdown.ts';
import { overview } from './overview.ts';
import type { Record_ } from './record.ts';
import type { Row } from './row.ts';
import { awaited, section, TITLE } from './section.ts';

const HEAD = `What papers and courses report of autoencoders, trained again by one command, \`npm run reproduce\`: what was published
beside what came out here, met or missed. The pictures among them, side by side in words with those that they answer:
[${FIGURES.title}](${FIGURES.path}).
`;

const READING = `## How to read it

\`npm run reproduce -- <name>\` runs one row, \`--jobs 2\` two rows at once and \`--quick\` all of them on small sizes, on data
that \`RHOHAT_DATA\` names ([data/README.md](../data/README.md)). Results of steps are kept in \`runs/reproduce\`: a run that was
interrupted goes on where it was.

- **Ours** is of seed 1, or of seeds 1, 2, 3: mean ± sample standard deviation (n − 1); of times the mean and the range.
- **Published** is only what was read in the paper or course itself, but where a row says "as quoted";
  **ratio** is ours over published.
- **Asked** is a limit that was set before the row was run, or made stricter since; those on details in \`denoising\` became limits
  after their runs, and \`k-sparse-sgd\` is asked what \`k-sparse\` had missed (k = 25 after 200 epochs, the order). Where the mean of the seeds does not meet it, the table says **missed**.
- Of dictionaries **L0** is how many units are on for an example, **EV** the share of the variance that is explained, **MCC** the
  mean |cos| of units and true features, matched one to one, **F1** how well it tells of a feature that its unit is on.
- **Squared error** of an image or point is summed over its numbers, without ½; mean over images or points.
- What a table rounds or leaves out stands in \`docs/results/<name>.json\`, which this page is written from.
- Hyper-parameters were chosen on MNIST's last 10,000 training images ("validation"), never on the test images, unless the
  published recipe fixes them. Where the test images had been looked at for an earlier recipe, the row says so. Remarks say "probably" where a cause was not tested.
- **Time** is that of all steps of a row; \`simd\` are WebAssembly kernels of 128 bits, \`simd-wide\` those of 256 (\`--turbo\`).
  Most of it is of one thread on one core, so that \`--jobs 2\` nearly halves it where there are two: on an AMD EPYC a k-sparse autoencoder
  made 266 steps a second beside another one, and 275 alone. On an Intel Xeon, whose two may be halves of a core, it made
  119 and 182: slowed like that, all rows two at once would take about half as long again as is said above.
`;

/** docs/results.md from what was recorded; rows that were not run yet are named. */
export function page(
  rows: readonly Row[],
  records: ReadonlyMap<string, Record_>,
  peers: readonly PeerRun[] = [],
): string {
  const sections = rows.flatMap((row) => {
    const record = records.get(row.name);
    return record ? section(row, record, besideTables(row.name, record, peers)) : awaited(row);
  });
  return [
    `# ${TITLE}`,
    '',
    HEAD,
    ...overview(rows, records),
    ...dictionaries(records),
    ...pytorch(records, peers),
    READING,
    ...sections,
  ].join('\n');
}

/** The best of today's dictionaries on data whose features are known. */
function dictionaries(records: ReadonlyMap<string, Record_>): string[] {
  const table = bestTable(records);
  if (table === null) return [];
  return [
    "## Today's dictionaries",
    '',
    'On data whose features are known, the three dictionaries whose reference finds them best, by its MCC; ours and, in',
    'parentheses, the reference: the same recipe in PyTorch, or the published figure. All others stand in the rows.',
    '',
    ...tableLines(table.head, table.rows),
    '',
    table.note,
    '',
  ];
}

/** What PyTorch was run for as well. */
function pytorch(records: ReadonlyMap<string, Record_>, peers: readonly PeerRun[]): string[] {
  const table = besideAll(records, peers);
  return table === null ? [] : ['## Beside PyTorch', '', ...tableLines(table.head, table.rows), '', table.note, ''];
}
