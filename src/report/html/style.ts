/** Of reports: light and dark, from phones to wide screens, and on paper. */
export const STYLE = `
:root { color-scheme: light dark; --ground: #fff; --panel: #f5f7f9; --ink: #1b2530; --soft: #4d5b68; --line: #d5dce3; --link: #1f5b93; --mark: #b4470f; --bar: #5b8db8; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #16181c; --panel: #1f2329; --ink: #e6ebf0; --soft: #a9b6c2; --line: #37424d; --link: #8cc0ee; --mark: #ff9d66; --bar: #6ea3cf; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 16px 20px 40px; max-width: 960px; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 24px; line-height: 1.25; margin: 8px 0 0; }
h2 { font-size: 18px; margin: 32px 0 8px; border-bottom: 1px solid var(--line); padding-bottom: 4px; }
p { margin: 6px 0; }
.says, .soft, figcaption { color: var(--soft); font-size: 14px; }
code, pre { font: 13px/1.45 ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
pre { background: var(--panel); border-radius: 6px; padding: 10px 12px; margin: 8px 0; white-space: pre-wrap; }
dl.numbers { display: grid; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); gap: 8px; margin: 12px 0; }
dl.numbers div { background: var(--panel); border-radius: 6px; padding: 8px 12px; }
dl.numbers dt { font-size: 13px; color: var(--soft); }
dl.numbers dd { margin: 0; font-size: 20px; font-variant-numeric: tabular-nums; }
ul.findings { padding: 0; list-style: none; }
ul.findings li { border-left: 4px solid var(--mark); background: var(--panel); padding: 8px 12px; margin: 8px 0; border-radius: 0 6px 6px 0; }
ul.findings.good li { border-color: var(--bar); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 14px; }
th, td { text-align: left; padding: 4px 14px 4px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; color: var(--soft); }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; overflow-wrap: normal; }
td.text { min-width: 90px; }
td.odd { min-width: 200px; }
table.settings td:first-child { color: var(--soft); white-space: nowrap; }
img.chart { display: block; width: 100%; height: auto; max-width: 760px; }
figure { margin: 12px 0; }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(68px, 1fr)); gap: 8px 6px; }
.tiles figure, .pairs figure { margin: 0; }
.tiles figcaption { font-size: 11px; line-height: 1.25; font-variant-numeric: tabular-nums; }
.tiles img, .pairs img { width: 100%; height: auto; display: block; image-rendering: pixelated; border: 1px solid var(--line); }
.pairs { border-collapse: separate; border-spacing: 4px; width: 100%; max-width: 640px; table-layout: fixed; }
.pairs th, .pairs td { border: 0; padding: 0; }
.pairs th { font-size: 13px; }
.pairs th:first-child { width: 106px; }
.pairs th { overflow-wrap: normal; }
@media (max-width: 640px) { .tiles { grid-template-columns: repeat(auto-fill, minmax(52px, 1fr)); } .pairs th { font-size: 11px; } .pairs th:first-child { width: 84px; } }
tr.flagged td { background: var(--panel); }
.pairs.strips img { height: 14px; }
.pairs.named { width: auto; max-width: none; table-layout: auto; }
.pairs.named img { width: 72px; height: 16px; }
.pairs.named th { font-weight: 400; font-size: 13px; white-space: nowrap; }
.pairs.named thead th { vertical-align: bottom; white-space: normal; max-width: 72px; overflow-wrap: anywhere; }
.pairs.named tbody tr:nth-child(even) td { padding-bottom: 6px; }
@media (max-width: 640px) { table.rows, table.rows tbody { display: block; } table.rows thead { display: none; } table.rows tr { display: block; border-bottom: 1px solid var(--line); padding: 4px 0; } table.rows td { display: inline-block; border: 0; padding: 2px 8px 2px 4px; min-width: 0; } table.rows td.odd { display: block; } table.rows td[title]::before { content: attr(title) ' '; color: var(--soft); } }
details summary { cursor: pointer; color: var(--link); }
footer { margin-top: 40px; border-top: 1px solid var(--line); color: var(--soft); font-size: 13px; padding-top: 8px; }
@media print { body { max-width: none; } details > * { display: block; } }
`;
