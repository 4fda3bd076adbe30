import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { contextLine, cutContext, parseContext, shownContext } from '../../../src/data/formats/contexts.ts';
import { assertRefused } from '../../support/errors.ts';

test('a context is a line of JSON and back; other keys are passed over', () => {
  const context = { text: 'a "quoted"\nline\u2028 \ud83d\ude00', position: 3, length: 6, document: 'x', token: 7 };
  const line = contextLine(context);
  assert.is(line.split('\n').length, 2);
  assert.equal(parseContext(line, 'line 1'), context);
  assert.equal(parseContext('{"text":"a","layer":[1]}', 'line 1').text, 'a');
  assert.is(contextLine(undefined), '{}\n');
  assert.is(shownContext({}), null);
});

test('what is shown is the text around the token, bounded, and never half a character', () => {
  assert.equal(shownContext({ text: 'the quick fox', position: 4, length: 5 }), {
    before: 'the ',
    marked: 'quick',
    after: ' fox',
  });
  const text = `${'a'.repeat(200)}TOKEN${'b'.repeat(200)}`;
  const shown = shownContext({ text, position: 200, length: 5 });
  assert.equal(shown, { before: `…${'a'.repeat(60)}`, marked: 'TOKEN', after: `${'b'.repeat(30)}…` });
  assert.equal(shownContext({ token: 17 }), { before: '', marked: '17', after: '' });
  assert.equal(shownContext({ text: 'abc' }), { before: 'abc', marked: '', after: '' });
  for (let at = 0; at < 200; at++) {
    const { before, marked, after } = shownContext({ text: '\u{1f600}'.repeat(100), position: at }) ?? {};
    for (const part of [before, after]) assert.not.match(part ?? '', /^…?[\udc00-\udfff]|[\ud800-\udbff]…?$/);
    assert.ok((marked ?? '').length <= 2);
  }
  const huge = { text: 'x'.repeat(10 ** 6), position: 5 * 10 ** 5, length: 4 * 10 ** 5 };
  const cut = cutContext(huge);
  assert.equal([cut.text?.length, cut.position, cut.length], [132, 61, 40]);
  assert.equal(shownContext(cut)?.marked, shownContext(huge)?.marked);
});

test('a line that is no context is refused in a line that names it', async () => {
  for (const line of [
    ...['', 'x', '[]', 'null', '7', '{"text":1}', '{"text":"abc","position":4}', '{"text":"abc","position":-1}'],
    ...['{"position":1}', '{"text":"abc","position":1,"length":3}', '{"document":{}}', '{"token":[1]}', '{"length":1}'],
    ...['{"text":"a","text":"b"}', '{"__proto__":{"text":"a"}}', '['.repeat(1000), `{"text":${'"a'.repeat(9)}`],
  ]) {
    await assertRefused(() => parseContext(line, 'f.jsonl: line 3'), /^f\.jsonl: line 3/);
  }
});

test.run();
