import type { Varied } from './keys.ts';

/** Characters of a name, before its number. */
const LONGEST = 120;

/**
 * A name for each run, such as weight=1,target=0.01,seed=1: a plain name of a file on any system, whatever the values are, and none
 * twice. Keys stand for themselves by their last part, where those of no two are the same.
 */
export function runNames(
  varied: readonly Varied[],
  runs: readonly { readonly texts: readonly string[]; readonly seed: number }[],
): string[] {
  const last = varied.map(({ key }) => key.split('.').pop() ?? key);
  const labels = varied.map(({ key }, i) => (last.indexOf(last[i]) === last.lastIndexOf(last[i]) ? last[i] : key));
  const taken = new Set<string>();
  return runs.map(({ texts, seed }) => {
    const parts = texts.map((text, i) => `${plain(labels[i])}=${plain(text)}`);
    const whole = [...parts, `seed=${seed}`].join(',');
    const name = whole.length <= LONGEST ? whole : `${parts.join(',').slice(0, LONGEST)},seed=${seed}`;
    let free = name;
    // Systems that do not tell upper from lower case shall hold both.
    for (let n = 2; taken.has(free.toLowerCase()); n++) free = `${name}-${n}`;
    taken.add(free.toLowerCase());
    return free;
  });
}

/** Without what a file's name should not hold; a sign of a number stays. */
function plain(text: string): string {
  const replaced = text.replace(/[^A-Za-z0-9._+-]+/g, '-').replace(/-+$/, '');
  return (/^[-+]?[\d.]/.test(text) ? replaced : replaced.replace(/^-+/, '')) || '-';
}
