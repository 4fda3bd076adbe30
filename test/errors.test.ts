import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { literal, messagesIn, sourceMessages } from './support/error-messages.ts';

// docs/errors.md and docs/more-errors.md list every message of src, and no other.

/** The messages of a page: code spans in the first column of its tables. */
function messagesOn(page: string): string[] {
  const cells = [...page.matchAll(/^\| (.*?) (?<!\\)\| /gm)].map(([, cell]) => cell.replaceAll('\\|', '|'));
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, message]) => message));
}

/** What is in one list alone. */
function differences(source: Iterable<string>, page: readonly string[]): { missing: string[]; stray: string[] } {
  const known = [...source];
  return {
    missing: known.filter((message) => !page.includes(message)),
    stray: page.filter((message) => !known.includes(message)),
  };
}

test('docs/errors.md and docs/more-errors.md list every error message of src, and no other', () => {
  const source = sourceMessages();
  const listed = messagesOn(readFileSync('docs/errors.md', 'utf8') + readFileSync('docs/more-errors.md', 'utf8'));
  assert.ok(source.size > 350 && listed.length === new Set(listed).size);
  assert.equal(differences(source.keys(), listed), { missing: [], stray: [] });
});

test('a message that is missing on the page, or on it alone, is told', () => {
  const text = 'throw new InputError(`k is $' + '{k}: choose another`);';
  const source = messagesIn([{ path: 'src/a.ts', text }]).keys();
  const row = '| message | cause | remedy |\n| `k is …: choose \\| drop it`<br>`b` | `no` message | x |\n';
  assert.equal(differences(source, messagesOn(row)), {
    missing: ['k is …: choose another'],
    stray: ['k is …: choose | drop it', 'b'],
  });
});

test('messages are read from literals, sums, names and nested templates', () => {
  const text = `
    const cut = 'it was cut';
    throw new InputError('it\\'s one');
    throw new InputError(
      // why
      \`a \${list.map((x) => { return \`<\${x}>\`; }).join('}')} b\` + 'c',
    );
    throw new InputError(cut);
    throw new EngineError(message);
    throw new TrainingError(\`step \${n}\`, n, 'term');
    v.number('it must be 5');
    throw new TypeError('no');`;
  assert.equal(
    [...messagesIn([{ path: 'src/a.ts', text }]).keys()],
    ["it's one", 'a … bc', 'it was cut', '…', 'step …', 'it must be 5'],
  );
  assert.throws(() => literal("'open", 0), /does not end/);
});

test.run();
