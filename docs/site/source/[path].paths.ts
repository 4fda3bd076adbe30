import { posix } from 'node:path';
import { addressOf, filesBelow, folders, read, sources } from '../.vitepress/repository.ts';

/** A fence that the text does not hold. */
function fenceFor(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map(([ticks]) => ticks.length));
  return '`'.repeat(longest + 1);
}

/** A file, read-only, with line numbers. */
function filePage(path: string) {
  const text = read(path).trimEnd();
  const fence = fenceFor(text);
  const language = posix.extname(path).replace(/^\.m?/, '');
  return { params: { path }, content: `# ${path}\n\n${fence}${language}:line-numbers\n${text}\n${fence}\n` };
}

/** What is in a folder. Files that are no pages are named. */
function folderPage(path: string) {
  const entries = new Set(filesBelow(path).map((file) => posix.join(path, file.slice(path.length + 1).split('/')[0])));
  const list = [...entries].map((entry) => {
    const name = posix.basename(entry);
    if (sources.has(entry)) return `- [\`${name}\`](${addressOf(entry)})`;
    return folders.has(entry) ? `- [\`${name}/\`](${addressOf(entry)})` : `- \`${name}\``;
  });
  return { params: { path: `${path}/index` }, content: `# ${path}/\n\n${list.join('\n')}\n` };
}

/** Every file and folder of the source that is a page. */
export default {
  paths: () => [...[...sources].map(filePage), ...[...folders].map(folderPage)],
};
