/** Flags that say where results go, or who looks on: a run is repeated without them. */
const ASIDE = { '--out': true, '--port': true, '--force': false, '--json': false, '--live': false } as const;

/**
 * The command that repeats a run, for a POSIX shell: words that it would read otherwise in quotes, control characters as $'…'. Flags of where
 * results go are left out, so that nothing is overwritten.
 */
export function commandText(words: readonly string[]): string {
  const kept: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const [flag] = words[i].split('=', 1);
    if (!Object.hasOwn(ASIDE, flag)) kept.push(words[i]);
    else if (ASIDE[flag as keyof typeof ASIDE] && !words[i].includes('=')) i++; // and its value
  }
  return ['rhohat', ...kept].map(quoted).join(' ');
}

function quoted(word: string): string {
  if (/^[\w./:=,@%+-]+$/.test(word)) return word;
  if (!/[\p{Cc}\u2028\u2029]/u.test(word)) return `'${word.replaceAll("'", "'\\''")}'`;
  const escaped = word
    .replace(/[\\']/g, '\\$&')
    .replace(/[\p{Cc}\u2028\u2029]/gu, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `$'${escaped}'`;
}
