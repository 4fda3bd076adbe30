import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { cut, html, Markup } from '../../src/report/html/markup.ts';

test('texts are escaped, in elements and in attributes; markup is not; lists are joined; nothing is nothing', () => {
  const text = html`<p title="${`"><script>`}">${"<b>&'"}</p>${[1, html`<i>x</i>`, null, false, undefined, 'y']}`.text;
  assert.is(text, '<p title="&quot;&gt;&lt;script&gt;">&lt;b&gt;&amp;&#39;</p>1<i>x</i>y');
});

test('an object that looks like markup is none', () => {
  const fake = { text: '<script>' } as unknown as Markup;
  assert.throws(() => html`${fake}`);
  assert.is(html`${new Markup('<b>')}`.text, '<b>');
});

test('what turns the direction of writing, control characters and halves of pairs are shown as numbers', () => {
  assert.is(html`${'a\u202eb\0\ud800\u2028\ufeff\tc\nd😀'}`.text, 'a\\u202eb\\u0000\\ud800\\u2028\\ufeff\tc\nd😀');
});

test('cut: long texts end in an ellipsis, and no pair is cut in two', () => {
  assert.is(cut('abc', 3), 'abc');
  assert.is(cut('abcd', 3), 'ab…');
  assert.is(cut('😀'.repeat(4), 4), '😀'.repeat(4));
  assert.is(cut('😀'.repeat(5), 4), `${'😀'.repeat(3)}…`);
});

test.run();
